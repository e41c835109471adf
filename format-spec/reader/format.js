// What the other files share: sums, and what the pages call to refuse.
'use strict';

const PAGE_BYTES = 4096;

/** The latest time there is, in milliseconds since 1970. */
const MAX_TIME = 2 ** 53;

const TABLE = new Uint32Array(256).map((_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return crc;
});

/** CRC32C over byte arrays, one after the other. */
function crc32c(...parts) {
  let crc = 0xffffffff;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      crc = TABLE[(crc ^ part[i]) & 0xff] ^ (crc >>> 8);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The bytes of a u32. */
function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function areEqual(a, b) {
  return Buffer.compare(a, b) === 0;
}

function isText(bytes, text) {
  return areEqual(bytes, Buffer.from(text));
}

class Refusal extends Error {}

function refuseIf(isWrong, what) {
  if (isWrong) {
    throw new Refusal(what);
  }
}

module.exports = { MAX_TIME, PAGE_BYTES, crc32c, u32, areEqual, isText, Refusal, refuseIf };
