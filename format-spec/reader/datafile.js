// The data file: which header counts (01-data-file.md, 05), the directory (01), the entries (02, 03).
'use strict';
const { areEqual, crc32c, isText, MAX_TIME, PAGE_BYTES, refuseIf } = require('./format');
const { parse } = require('./parsers');
const { committedSet } = require('./segments');

const FIRST_IN_USE = 5;
const DIRECTORY_HEAD_BYTES = 24;
const RECORD_BYTES = 24;

function hasMagic(slot) {
  return isText(slot.magic, 'HMAPFILE');
}

function isSound(slot) {
  return hasMagic(slot) && slot.crc === crc32c(slot.summed);
}

/** The data file's header that counts, before any images. */
function readHeader({ Hmap, HmapLog }, data, segmentsOf) {
  refuseIf(data.length < 2 * PAGE_BYTES, 'the file has no header slots');
  const slots = parse(Hmap, data).headerSlots;
  const sound = slots.filter(isSound);
  refuseIf(sound.length === 0, slots.some(hasMagic) ? 'no header slot is sound' : 'this is no hmap store');
  for (const slot of sound) {
    refuseIf(slot.version !== 1, `version ${slot.version} of the format`);
    refuseIf(slots.indexOf(slot) !== slot.generation % 2, `generation ${slot.generation} is in the wrong slot`);
    const latest = slot.timeToLive > 0 ? MAX_TIME : 0;
    refuseIf(slot.horizon > latest || slot.time > latest, `times ${slot.horizon}, ${slot.time} in a header`);
  }
  const header = sound.reduce((a, b) => (a.generation > b.generation ? a : b));
  if (sound.length === 1 && header.map.hashWriting) {
    const other = slots.find((slot) => slot !== header);
    const wasOlder =
      hasMagic(other) && other.generation === header.generation - 1 && other.log.lsn <= header.log.lsn;
    const set = committedSet(HmapLog, segmentsOf(header), header.generation + 1);
    refuseIf(!wasOlder && set === null, 'the newer header slot is not sound');
  }
  return header;
}

/** The file's bytes and the header that counts, with a committed set of images put over them. */
function withImages({ Hmap, HmapLog }, data, header, segments) {
  const images = committedSet(HmapLog, segments, header.generation + 1);
  if (images === null) {
    return { data, header };
  }
  const commit = parse(Hmap.HeaderSlot, images.at(-1).content);
  refuseIf(
    !isSound(commit) || commit.version !== 1 || commit.generation !== header.generation + 1,
    'the commit is no sound header of its generation');
  refuseIf(!isSameStore(commit, header), 'the commit is of another store or geometry');
  refuseIf(images.some(({ page }) => page >= commit.filePages), 'an image is of a page behind the last one');
  checkLength(data, commit);
  const whole = Buffer.from(data);
  for (const { content, page } of images) {
    whole.set(content, page * PAGE_BYTES);
  }
  return { data: whole, header: parse(Hmap, whole).headerSlots[images.at(-1).page] };
}

function isSameStore(a, b) {
  const identity = (h) => [h.keyWidth, h.valueWidth, h.timeToLive, h.keyShape.text, h.valueShape.text].join();
  return (
    areEqual(a.storeIdHigh, b.storeIdHigh) &&
    areEqual(a.storeIdLow, b.storeIdLow) &&
    identity(a) === identity(b));
}

function checkLength(data, { filePages }) {
  refuseIf(filePages * PAGE_BYTES > data.length, `the file is shorter than ${filePages} pages`);
}

/** Reads and checks the directory of a header. */
function readDirectory({ Hmap }, data, header) {
  checkLength(data, header);
  const start = header.directoryPage * PAGE_BYTES;
  const bytes = data.subarray(start, start + header.directoryBytes);
  refuseIf(crc32c(bytes) !== header.directoryCrc, 'the directory has a wrong sum');
  const { directory } = header;
  refuseIf(
    DIRECTORY_HEAD_BYTES + RECORD_BYTES * directory.count + directory.evacuatedBytes + directory.markBytes !==
      header.directoryBytes ||
      directory.generation > header.generation,
    'the directory does not fit the header');
  const own = directory.records.filter((r) => r.kind === Hmap.ExtentKind.DIRECTORY);
  refuseIf(
    own.length !== 1 || own[0].page !== header.directoryPage || own[0].order !== header.directoryOrder,
    'the directory does not list itself');
  return directory;
}

/** The buckets of an array by their numbers, or null if there is no such array. */
function arrayOf({ Hmap }, directory, descriptor) {
  if (descriptor.id === 0) {
    return null;
  }
  const extents = directory.records.filter(
    (r) => r.kind === Hmap.ExtentKind.BUCKETS && r.owner === descriptor.id);
  refuseIf(
    extents.length !== descriptor.extentCount - descriptor.firstExtent ||
      extents.some((extent) => extent.order !== descriptor.extentOrder),
    `the extents of array ${descriptor.id} do not fit its descriptor`);
  const perExtent = extents[0].buckets.perExtent;
  const { roots, nextOverflow } = descriptor;
  refuseIf(
    nextOverflow < roots || nextOverflow > descriptor.extentCount * perExtent,
    `array ${descriptor.id} has no room for its buckets`);
  const bucket = (n) => extents[Math.floor(n / perExtent) - descriptor.firstExtent].buckets.buckets[n % perExtent];
  return { roots, nextOverflow, bucket };
}

/** The buckets of a root's chain. */
function* chain(array, root) {
  let hops = 0;
  let n = root;
  do {
    refuseIf(++hops > array.nextOverflow, `the chain of root ${root} is a circle`);
    const bucket = array.bucket(n);
    yield bucket;
    n = bucket.overflow;
    refuseIf(n !== 0 && (n < array.roots || n >= array.nextOverflow), `overflow ${n} in the chain of root ${root}`);
  } while (n !== 0);
}

/** Whether units are evacuated: 01-data-file.md, "Directory". */
function evacuatedUnits({ nevacuate }, { evacuated }, units) {
  const first = nevacuate - (nevacuate % 64);
  refuseIf(
    evacuated.length % 8 !== 0 || first + 8 * evacuated.length > 64 * Math.ceil(units / 64),
    `${evacuated.length} bytes of evacuated units`);
  const bit = (unit) => ((evacuated[(unit - first) >> 3] >> (unit - first) % 8) & 1) === 1;
  for (let unit = first; unit < first + 8 * evacuated.length; unit++) {
    refuseIf(unit >= units && bit(unit), `unit ${unit} of ${units} is evacuated`);
  }
  return (unit) => unit < nevacuate || (unit - first < 8 * evacuated.length && bit(unit));
}

/** All chains that hold entries: 02-buckets.md, "Reading all entries". */
function* chains(fields, directory, buckets, old) {
  const units = old === null ? 0 : Math.min(old.roots, buckets.roots);
  const isEvacuated = evacuatedUnits(fields, directory, units);
  if (old === null) {
    for (let root = 0; root < buckets.roots; root++) {
      yield chain(buckets, root);
    }
    return;
  }
  for (let root = 0; root < old.roots; root++) {
    if (!isEvacuated(root % units)) {
      yield chain(old, root);
      continue;
    }
    for (let to = root; to < buckets.roots; to += old.roots) { // one, two, or, if halved, every second time none
      yield chain(buckets, to);
    }
  }
}

/** Key, value and stamp of a slot in use, and the reference to what of it is an entry. */
function entryOf(bucket, slot) {
  const reference = (bucket.keyReferences || bucket.valueReferences || [])[slot];
  const entry = reference && reference.entry;
  const value = bucket.values ? bucket.values[slot] : entry.value;
  return { key: bucket.keys ? bucket.keys[slot] : entry.key, value: value.content, stamp: value.stamp, reference };
}

/** All entries of the data file. */
function* entries(parsers, header, directory) {
  const fields = header.map;
  const buckets = arrayOf(parsers, directory, fields.buckets);
  const old = arrayOf(parsers, directory, fields.oldbuckets);
  let count = 0;
  for (const ofRoot of chains(fields, directory, buckets, old)) {
    for (const bucket of ofRoot) {
      for (let slot = 0; slot < bucket.tophash.length; slot++) {
        if (bucket.tophash[slot] >= FIRST_IN_USE) {
          count++;
          yield entryOf(bucket, slot);
        }
      }
    }
  }
  refuseIf(count !== fields.count, `${count} entries where the header counts ${fields.count}`);
}

module.exports = { readHeader, withImages, readDirectory, entries };
