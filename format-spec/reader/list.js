// Lists a store, as ../golden/README.md describes it: node list.js [--now MILLIS] STORE.hmap[.gz]
'use strict';
const fs = require('node:fs');
const zlib = require('node:zlib');
const datafile = require('./datafile');
const { checkEntries, checkSums } = require('./extents');
const { crc32c, Refusal, refuseIf } = require('./format');
const { operations, Table } = require('./log');
const { load } = require('./parsers');
const { segmentsOf } = require('./segments');

const LONGEST_IN_FULL = 1000;

function readFile(name) {
  const bytes = fs.readFileSync(name);
  return name.endsWith('.gz') ? zlib.gunzipSync(bytes) : bytes;
}

/** 05-checkpoint-and-recovery.md, "Recovery", steps 2 to 5, for a store that nobody writes to. */
function recover(parsers, data, log) {
  const { HmapLog } = parsers;
  const segments = (header) => segmentsOf(HmapLog, log, header);
  const found = datafile.readHeader(parsers, data, (header) => segments(header) || []);
  const ownLog = segments(found);
  refuseIf(found.map.hashWriting && ownLog === null, 'the log is missing, or what has its name is not this log');
  const inLog = ownLog || [];
  const state = datafile.withImages(parsers, data, found, inLog);
  const directory = datafile.readDirectory(parsers, state.data, state.header);
  checkSums(parsers, state.data, directory);
  const table = new Table(HmapLog, state.header, directory.mark);
  const entries = [...datafile.entries(parsers, state.header, directory)];
  entries.forEach((entry) => table.add(entry));
  table.expire(state.header.horizon);
  checkEntries(parsers, directory, entries.map(({ reference }) => reference).filter(Boolean));
  for (const operation of operations(parsers, inLog, state.header.log)) {
    table.apply(operation);
  }
  return table;
}

function text(bytes) {
  if (bytes.length === 0) {
    return '-';
  }
  return bytes.length <= LONGEST_IN_FULL
    ? Buffer.from(bytes).toString('hex')
    : `${bytes.length}:${crc32c(bytes).toString(16).padStart(8, '0')}`;
}

function listing({ header, entries, mark }, now) {
  const expires = header.timeToLive > 0;
  const lines = [...entries.values()]
    .filter(({ stamp }) => !expires || stamp > now - header.timeToLive)
    .map(({ key, value, stamp }) => `${text(key)} ${text(value)}${expires ? ` ${stamp}` : ''}`)
    .sort();
  return [
    `keyShape ${header.keyShape.text}`,
    `valueShape ${header.valueShape.text}`,
    `keyWidth ${header.keyWidth}`,
    `valueWidth ${header.valueWidth}`,
    `timeToLive ${header.timeToLive}`,
    ...(expires ? [`now ${now}`] : []),
    `count ${lines.length}`,
    `mark ${text(mark)}`,
    ...lines,
  ];
}

/** The lines of a store's listing; its log, if there is one, lies beside it. */
function list(parsers, name, now) {
  const logName = name.replace(/\.hmap(\.gz)?$/, '.hmap-log$1');
  const log = logName !== name && fs.existsSync(logName) ? readFile(logName) : null;
  return listing(recover(parsers, readFile(name), log), now);
}

async function main(args) {
  const now = args[0] === '--now' ? Number(args.splice(0, 2)[1]) : Date.now();
  process.stdout.write(list(await load(), args[0], now).join('\n') + '\n');
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error instanceof Refusal ? `refused: ${error.message}` : error);
    process.exitCode = 3;
  });
}

module.exports = { list };
