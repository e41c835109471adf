/**
 * The crash simulation: a file system in memory that remembers what was forced ({@link
 * dev.hmap.crash.SimulatedFileSystem}, {@link dev.hmap.crash.Disk}), scripts for a store ({@link
 * dev.hmap.crash.Workload}, {@link dev.hmap.crash.Runner}), the images that a crash at any call
 * leaves ({@link dev.hmap.crash.Campaign}), and what they must hold ({@link
 * dev.hmap.crash.Oracle}). Two file systems stand in between on purpose: one that leaves safeguards
 * out ({@link dev.hmap.crash.MutatingFileSystem}), and one that fails ({@link
 * dev.hmap.crash.FaultyFileSystem}).
 */
package dev.hmap.crash;
