// The segments of the log (04-log.md), and the committed set of page images in them (05).
'use strict';
const { areEqual, crc32c, isText, PAGE_BYTES, u32 } = require('./format');
const { parse } = require('./parsers');

/**
 * The slots with a valid head, the others being passed over; or null if the bytes are not the log of the store with
 * this header.
 */
function segmentsOf(HmapLog, log, header) {
  if (log === null || log.length < PAGE_BYTES) {
    return null;
  }
  const file = parse(HmapLog, log);
  if (!isHeadOf(file.head, header)) {
    return null;
  }
  return file.slots.filter(
    ({ head }) =>
      isText(head.magic, 'HMAPLOG1') &&
      head.crc === crc32c(head.summed) &&
      areEqual(head.storeId, header.storeIdLow) &&
      HmapLog.SegmentKind[head.kind] !== undefined);
}

function isHeadOf(head, { storeIdHigh, storeIdLow }) {
  const isZero = (byte) => byte === 0;
  return (
    isText(head.magic, 'HMAPLOGS') &&
    head.version === 1 &&
    head.crc === crc32c(head.summed) &&
    areEqual(head.storeIdHigh, storeIdHigh) &&
    areEqual(head.storeIdLow, storeIdLow) &&
    head.reserved.every(isZero) &&
    head.rest.every(isZero));
}

/** The images of the committed set of a generation, its commit last, or null if there is none. */
function committedSet(HmapLog, segments, generation) {
  const ofImages = segments.filter(
    ({ head }) => head.kind === HmapLog.SegmentKind.IMAGES && head.base === generation);
  const sets = [...new Set(ofImages.map(({ head }) => head.set))].sort((a, b) => b - a);
  for (const set of sets) {
    const images = readSet(HmapLog, ofImages.filter(({ head }) => head.set === set), generation);
    if (images !== null) {
      return images;
    }
  }
  return null;
}

function readSet(HmapLog, segments, generation) {
  const { PAGE, COMMIT } = HmapLog.ImageKind;
  const images = [];
  let salt;
  let crc = 0;
  for (let ordinal = 0; ; ordinal++) {
    const segment = segments.find(
      ({ head }) => head.ordinal === ordinal && (ordinal === 0 || areEqual(head.salt, salt)));
    if (segment === undefined) {
      return null;
    }
    salt = segment.head.salt;
    for (const image of segment.images) {
      const isValid =
        image.crc === crc32c(u32(crc), salt, image.summed) &&
        (image.kind === PAGE ? image.page >= 2 : image.kind === COMMIT && image.page === generation % 2) &&
        image.ordinal === images.length &&
        image.generation === generation;
      if (!isValid) {
        return null;
      }
      images.push(image);
      crc = image.crc;
      if (image.kind === COMMIT) {
        return images;
      }
    }
  }
}

module.exports = { segmentsOf, committedSet };
