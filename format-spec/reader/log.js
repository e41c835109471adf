// Following the log (04-log.md): the operations behind a position, and what they do to a table.
'use strict';
const { areEqual, crc32c, MAX_TIME, refuseIf, u32 } = require('./format');
const { parse } = require('./parsers');

const CAPACITY = 1048504;
const RECORD_HEAD_BYTES = 24;
const MAX_RECORD_BYTES = 67108864;
const MAX_VALUE_BYTES = 16777216;
const MAX_MARK_BYTES = 4096;

function u64(bytes) {
  return Number(Buffer.from(bytes).readBigUInt64LE(0));
}

function holds({ head }, lsn) {
  return head.base <= lsn && lsn < head.base + CAPACITY;
}

function newest(segments) {
  return segments.reduce((a, b) => (a === null || b.head.number > a.head.number ? b : a), null);
}

/** The operations of the records from a header's position on. */
function* operations({ HmapLog }, segments, start) {
  const all = segments.filter(({ head }) => head.kind === HmapLog.SegmentKind.RECORDS);
  let { lsn, sequence, chain } = start;
  const successor = (number) =>
    newest(all.filter(({ head }) => head.base === lsn && head.chain === chain && head.number > number));

  const first = all.find(
    ({ head }) => head.number === start.segment && head.base <= lsn && lsn <= head.base + CAPACITY);
  let taken = [first || successor(0)];
  if (taken[0] === null) {
    return;
  }
  for (;;) {
    const record = readRecord(HmapLog, all, taken, { lsn, sequence, chain });
    if (record !== null) {
      yield record.operation;
      lsn += record.length;
      sequence++;
      chain = record.crc;
      continue;
    }
    const next = successor(taken.at(-1).head.number);
    if (next === null) {
      return;
    }
    taken = taken.filter(({ head }) => head.base <= lsn);
    taken.push(next);
  }
}

/** The record at a position, or null if there is no valid one. Adds the segments it leads to to those taken. */
function readRecord(HmapLog, all, taken, { lsn, sequence, chain }) {
  const from = segmentAt(all, taken, lsn);
  const head = from && readBytes(all, taken, lsn, RECORD_HEAD_BYTES);
  if (!head) {
    return null;
  }
  const length = head.readUInt32LE(4);
  if (length < RECORD_HEAD_BYTES || length > MAX_RECORD_BYTES || length % 8 !== 0) {
    return null;
  }
  const bytes = readBytes(all, taken, lsn, length);
  if (bytes === null || bytes.readUInt32LE(0) !== crc32c(u32(chain), from.head.salt, bytes.subarray(4))) {
    return null;
  }
  if (Number(bytes.readBigUInt64LE(8)) !== sequence) {
    return null;
  }
  const content = bytes.readUInt16LE(18) + bytes.readUInt32LE(20);
  refuseIf(length !== RECORD_HEAD_BYTES + Math.ceil(content / 8) * 8, `a record of ${length} bytes holds ${content}`);
  return parse(HmapLog.Record, bytes);
}

/** The segment that holds an lsn; where those taken end, the next one is taken. */
function segmentAt(all, taken, lsn) {
  const found = taken.findLast((segment) => holds(segment, lsn));
  if (found !== undefined) {
    return found;
  }
  const { salt } = taken.at(-1).head;
  const next = newest(all.filter(({ head }) => head.base === lsn && areEqual(head.salt, salt)));
  if (next !== null) {
    taken.push(next);
  }
  return next;
}

function readBytes(all, taken, lsn, length) {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const segment = segmentAt(all, taken, lsn + done);
    if (segment === null) {
      return null;
    }
    const offset = lsn + done - segment.head.base;
    const part = Math.min(length - done, CAPACITY - offset);
    bytes.set(segment.content.subarray(offset, offset + part), done);
    done += part;
  }
  return bytes;
}

/** A map of its own, by the keys' bytes, to which operations are applied. */
class Table {
  constructor(HmapLog, header, mark) {
    this.op = HmapLog.Op;
    this.header = header;
    this.mark = mark;
    this.horizon = header.horizon;
    this.entries = new Map();
  }

  static name(key) {
    return Buffer.from(key).toString('latin1');
  }

  add(entry) {
    const name = Table.name(entry.key);
    refuseIf(this.entries.has(name), 'a key is there twice');
    this.entries.set(name, entry);
  }

  /** Whether an entry of a store whose entries expire has done so at a time: 03-entries.md, "Stamps". */
  isExpired({ stamp }, time) {
    return this.header.timeToLive > 0 && stamp <= time - this.header.timeToLive;
  }

  /** The entry that an operation finds at its time. */
  find(key, time) {
    const found = this.entries.get(Table.name(key));
    return found === undefined || this.isExpired(found, time) ? undefined : found;
  }

  /** The time at which an operation of one key takes place: 04-log.md, "Time". */
  timeOf({ op: kind, value }) {
    return this.header.stampBytes === 0 ? 0 : u64(kind === this.op.REPLACE_IF_EQUAL ? value.value : value);
  }

  expire(horizon) {
    this.horizon = horizon;
    for (const [name, entry] of this.entries) {
      if (this.isExpired(entry, horizon)) {
        this.entries.delete(name);
      }
    }
  }

  apply(operation) {
    const { op } = this;
    const { key, value } = operation;
    this.check(operation);
    switch (operation.op) {
      case op.BATCH:
        value.all.forEach((one) => this.apply(one));
        return;
      case op.CLEAR:
        this.entries.clear();
        return;
      case op.MARK:
        this.mark = value;
        return;
      case op.REMOVE:
        this.entries.delete(Table.name(key));
        return;
      case op.REMOVE_IF_EQUAL: {
        const found = this.find(key, this.timeOf(operation));
        if (found !== undefined && areEqual(found.value, value.subarray(this.header.stampBytes))) {
          this.entries.delete(Table.name(key));
        }
        return;
      }
      case op.EXPIRE:
        this.expire(u64(value));
        return;
      case op.REPLACE_IF_EQUAL:
        this.put(operation.op, key, value.value, value.expected);
        return;
      default:
        this.put(operation.op, key, value);
    }
  }

  put(kind, key, bytes, expected) {
    const { op } = this;
    const { stampBytes } = this.header;
    const stamp = stampBytes > 0 ? u64(bytes) : undefined;
    const found = this.find(key, stamp);
    const takesEffect =
      kind === op.PUT ||
      (kind === op.PUT_IF_ABSENT && found === undefined) ||
      (kind === op.REPLACE && found !== undefined) ||
      (kind === op.REPLACE_IF_EQUAL && found !== undefined && areEqual(found.value, expected));
    if (takesEffect) {
      this.entries.set(Table.name(key), { key, value: bytes.subarray(stampBytes), stamp });
    }
  }

  /** Refuses an operation that is not valid: 04-log.md, "Operations". */
  check(operation) {
    const { op: kind, key, keyLength, value, valueLength } = operation;
    const { op } = this;
    const { keyWidth, valueWidth, timeToLive, stampBytes } = this.header;
    const what = `operation ${kind} with a key of ${keyLength} bytes and a value of ${valueLength}`;
    refuseIf(op[kind] === undefined, what);
    refuseIf(kind <= op.REMOVE_IF_EQUAL && keyWidth > 0 && key.length !== keyWidth, what);
    if (kind <= op.REPLACE_IF_EQUAL) {
      const { length } = kind === op.REPLACE_IF_EQUAL ? value.value : value;
      refuseIf(valueWidth > 0 ? length !== valueWidth : length > MAX_VALUE_BYTES || length < stampBytes, what);
    }
    refuseIf(kind === op.REMOVE && valueLength !== stampBytes, what);
    refuseIf(kind === op.REMOVE_IF_EQUAL && valueLength < stampBytes, what);
    refuseIf(kind === op.CLEAR && valueLength !== 8, what);
    refuseIf(kind === op.EXPIRE && (timeToLive === 0 || keyLength > 0 || valueLength !== 8), what);
    if (timeToLive > 0 && (kind <= op.REMOVE_IF_EQUAL || kind === op.EXPIRE)) {
      const time = kind === op.EXPIRE ? u64(value) : this.timeOf(operation);
      refuseIf(time < this.horizon || time > MAX_TIME, `${what} at the time ${time}, behind ${this.horizon}`);
    }
    refuseIf(kind === op.MARK && (keyLength > 0 || valueLength > MAX_MARK_BYTES), what);
    const isAlone = (one) => one.op === op.BATCH || one.op === op.EXPIRE;
    refuseIf(kind === op.BATCH && value.all.some(isAlone), 'a batch or a horizon in a batch');
  }
}

module.exports = { operations, Table };
