// What only a reader that verifies looks at: page sums (01-data-file.md), slabs and large entries (03-entries.md).
'use strict';
const { crc32c, PAGE_BYTES, refuseIf, u32 } = require('./format');

/** Checks the sum of every page in use. */
function checkSums({ Hmap }, data, directory) {
  for (const extent of directory.records.filter((r) => r.kind !== Hmap.ExtentKind.DIRECTORY)) {
    extent.pageSums.forEach((sum, i) => {
      const page = extent.page + i;
      const bytes = Buffer.from(data.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
      if (sum.isUndefined) {
        return;
      }
      if (sum.isZeroPage) {
        refuseIf(bytes.some((byte) => byte !== 0), `page ${page} was never written and is not zero`);
        return;
      }
      const own = extent.payloadBytes + 8 * i - PAGE_BYTES * i;
      if (own < PAGE_BYTES) {
        bytes.fill(0, own, own + 8);
      }
      refuseIf(crc32c(bytes, u32(page), u32(sum.generation)) !== sum.crc, `page ${page} has a wrong sum`);
    });
  }
}

/** Checks that each entry is where the directory says, and that all other slots are free. */
function checkEntries({ Hmap }, directory, references) {
  const addresses = new Set(references.map((reference) => reference.address));
  refuseIf(addresses.size !== references.length, 'two references lead to the same entry');
  for (const extent of directory.records) {
    const start = extent.page * PAGE_BYTES;
    if (extent.kind === Hmap.ExtentKind.SLAB) {
      checkSlab(extent, (slot) => addresses.delete(start + slot * extent.slab.slotBytes));
    } else if (extent.kind === Hmap.ExtentKind.LARGE) {
      const { keyLength, valueLength } = extent.large;
      const fits = extent.owner === 8 + keyLength + valueLength && extent.owner <= extent.payloadBytes;
      refuseIf(!fits || !addresses.delete(start), `the large entry at page ${extent.page} is not as it should be`);
    }
  }
  refuseIf(addresses.size > 0, 'a reference leads to no entry');
}

function checkSlab({ page, slab, used, firstFree, bump }, takeReference) {
  const free = new Set();
  for (let next = firstFree; next !== 0; next = slab.slots[next - 1].nextFree) {
    refuseIf(next > bump || free.has(next - 1), `the free slots of the slab at page ${page} are no chain`);
    free.add(next - 1);
  }
  refuseIf(free.size !== bump - used, `the slab at page ${page} has ${free.size} free slots`);
  for (let slot = 0; slot < bump; slot++) {
    const isUsed = takeReference(slot);
    refuseIf(isUsed === free.has(slot), `slot ${slot} of the slab at page ${page} is ${isUsed ? 'free' : 'lost'}`);
    if (isUsed) {
      const { keyLength, valueLength } = slab.slots[slot].entry;
      refuseIf(8 + keyLength + valueLength > slab.slotBytes, `an entry is longer than its slot, at page ${page}`);
    }
  }
}

module.exports = { checkSums, checkEntries };
