meta:
  id: hmap
  title: Data file of an hmap store
  file-extension: hmap
  endian: le
  bit-endian: le
  ks-version: '0.9'
doc: |
  The data file of version 1, as 01-data-file.md, 02-buckets.md and 03-entries.md describe it. hmap_log.ksy
  describes the log. These pages are right where this file differs from them.

  What a program adds that reads a store with this:

   - the choice of the header slot that counts, which needs CRC32C (01-data-file.md, "Which slot counts");
   - the page images of an interrupted checkpoint, to be put over the file's pages before `directory` is read
     (05);
   - the walk along the chains: which roots of which array are to be read (02-buckets.md, "Reading all
     entries");
   - the operations in the log (04-log.md);
   - the refusals: nothing here checks a value, because the slot that does not count and undefined bytes may
     hold anything.

  Ids, seeds and salts use all 64 bits and are given as eight bytes, since the integers of some languages have
  fewer.
doc-ref: 01-data-file.md
seq:
  - id: header_slots
    type: header_slot
    size: 4096
    repeat: expr
    repeat-expr: 2
    doc: Pages 0 and 1. One of them counts; the slot of generation g is page g mod 2.
enums:
  extent_kind:
    1: buckets
    2: slab
    3: large
    4: directory
types:
  header_slot:
    doc: A header slot. It counts only if its magic and its crc are right, and may hold anything otherwise.
    doc-ref: 01-data-file.md, "Header slot"
    seq:
      - id: magic
        size: 8
        doc: ASCII `HMAPFILE`.
      - id: version
        type: u4
        doc: 1. Other versions are refused.
      - size: 4
      - id: generation
        type: u8
        doc: Grows by 1 with each header written.
      - id: store_id_high
        size: 8
      - id: store_id_low
        size: 8
        doc: Stands in each segment of the log too.
      - id: key_width
        type: u2
        doc: Bytes of a key in a bucket; 0 if keys are entries.
      - id: value_width
        type: u2
        doc: The same for values, with their stamps.
      - id: file_pages
        type: u4
      - id: directory_page
        type: u4
      - id: directory_order
        type: u4
      - id: directory_bytes
        type: u4
      - id: directory_crc
        type: u4
        doc: CRC32C of the directory's bytes.
      - id: log
        type: log_position
      - id: map
        type: hmap_fields
      - id: time_to_live
        type: u8
        doc: Milliseconds, 0 for ever. If it is not 0, every value begins with a stamp (03-entries.md, "Stamps").
      - id: horizon
        type: u8
        doc: What had expired at this time, in milliseconds since 1970, is gone (03-entries.md, "Stamps").
      - id: time
        type: u8
        doc: What the writer's clock said when it fixed the state, or 0.
      - id: former_high
        size: 8
        doc: Of a store that compaction made, `store_id_high` of the one it replaced; else zeros.
      - id: former_low
        size: 8
        doc: The same of `store_id_low`. Nobody needs the log of that store any more.
      - size: 792
      - id: key_shape
        type: shape
        size: 1002
      - size: 22
      - id: value_shape
        type: shape
        size: 1002
      - size: 1042
      - id: crc
        type: u4
        doc: CRC32C of `summed`.
    instances:
      summed:
        pos: 0
        size: 4092
      stamp_bytes:
        value: 'time_to_live > 0 ? 8 : 0'
      directory:
        io: _root._io
        pos: (directory_page.as<s8> * 4096.as<s8>).as<s8>
        size: directory_bytes
        type: directory(key_width, value_width, stamp_bytes)
        doc: To be read of the slot that counts alone.
  shape:
    doc-ref: 06-hashing.md, "Encodings"
    seq:
      - id: length
        type: u2
    instances:
      text:
        pos: 2
        size: length
        type: str
        encoding: UTF-8
  log_position:
    doc: The records of the log before it are in the data file; those from it on are not.
    doc-ref: 01-data-file.md, "Log position"
    seq:
      - id: segment
        type: u8
      - id: lsn
        type: u8
      - id: sequence
        type: u8
      - id: chain
        type: u4
      - size: 4
  hmap_fields:
    doc-ref: 01-data-file.md, "hmap fields"
    seq:
      - id: count
        type: u8
        doc: Entries in the map.
      - id: flags
        type: u4
      - id: b
        type: u4
        doc: There are 2^b root buckets.
      - id: noverflow
        type: u4
      - id: old_noverflow
        type: u4
      - id: hash0
        size: 8
        doc: Seed of the hash. Only a look-up needs it.
      - id: buckets
        type: array_descriptor
      - id: oldbuckets
        type: array_descriptor
        doc: The array that is being evacuated; its id is 0 if there is none.
      - id: nevacuate
        type: u8
        doc: Units of the old array below this one are evacuated.
      - id: entry_bytes
        type: u8
    instances:
      iterator:
        value: (flags & 1) != 0
      old_iterator:
        value: (flags & 2) != 0
      hash_writing:
        value: (flags & 4) != 0
        doc: The store was written to and not cleanly closed since.
      same_size_grow:
        value: (flags & 8) != 0
        doc: The growth under way is to the same size.
  array_descriptor:
    doc: |
      Bucket n of the array is bucket `n mod per_extent` of extent `n / per_extent`, counted from
      `first_extent` among the directory's records of kind `buckets` whose owner is `id`.
    doc-ref: 01-data-file.md, "Array descriptor"
    seq:
      - id: id
        type: u4
      - id: b
        type: u1
      - id: extent_order
        type: u1
      - size: 2
      - id: extent_count
        type: u4
      - id: first_extent
        type: u4
        doc: Extents before this one were freed, and have no record.
      - id: next_overflow
        type: u4
        doc: Buckets from this one on are undefined.
      - id: noverflow
        type: u4
    instances:
      roots:
        value: 1 << b
  directory:
    doc: Every extent in use, what of the old array is evacuated, and the user's mark.
    doc-ref: 01-data-file.md, "Directory"
    params:
      - id: key_width
        type: u2
      - id: value_width
        type: u2
      - id: stamp_bytes
        type: u1
    seq:
      - id: magic
        contents: HDIR
      - id: count
        type: u4
      - id: generation
        type: u8
      - id: mark_bytes
        type: u4
      - id: evacuated_bytes
        type: u4
      - id: records
        type: extent_record(key_width, value_width, stamp_bytes)
        repeat: expr
        repeat-expr: count
      - id: evacuated
        size: evacuated_bytes
        doc: |
          Bit `i mod 8` of byte `i / 8` is that of unit `nevacuate - nevacuate mod 64 + i`, set if the
          unit is evacuated. Bits of units below `nevacuate` mean nothing.
      - id: mark
        size: mark_bytes
  extent_record:
    doc-ref: 01-data-file.md, "Record of an extent"
    params:
      - id: key_width
        type: u2
      - id: value_width
        type: u2
      - id: stamp_bytes
        type: u1
    seq:
      - id: page
        type: u4
      - id: kind
        type: u1
        enum: extent_kind
      - id: order
        type: u1
        doc: The extent has 2^order pages.
      - id: size_class
        type: u2
        doc: Of a slab.
      - id: owner
        type: u4
        doc: Of buckets, the id of their array. Of a large entry, its bytes with its head.
      - id: used
        type: u4
      - id: first_free
        type: u4
        doc: Of a slab, 1 + the first slot of the chain of freed ones, or 0.
      - id: bump
        type: u4
        doc: Of a slab, slots from here on were never used.
    instances:
      pages:
        value: 1 << order
      payload_bytes:
        value: pages * 4088
      buckets:
        io: _root._io
        pos: (page.as<s8> * 4096.as<s8>).as<s8>
        size: payload_bytes
        type: bucket_extent(key_width, value_width, stamp_bytes)
        if: kind == extent_kind::buckets
      slab:
        io: _root._io
        pos: (page.as<s8> * 4096.as<s8>).as<s8>
        size: payload_bytes
        type: slab(size_class, stamp_bytes)
        if: kind == extent_kind::slab
      large:
        io: _root._io
        pos: (page.as<s8> * 4096.as<s8>).as<s8>
        size: payload_bytes
        type: entry(stamp_bytes)
        if: kind == extent_kind::large
      page_sums:
        io: _root._io
        pos: ((page.as<s8> * 4096.as<s8>).as<s8> + payload_bytes.as<s8>).as<s8>
        type: page_sum
        repeat: expr
        repeat-expr: pages
        if: kind != extent_kind::directory
        doc: One for each page of the extent.
  page_sum:
    doc-ref: 01-data-file.md, "Extent and page sums"
    seq:
      - id: crc
        type: u4
        doc: CRC32C of the page, its number in the file and the generation, with the page's own sum taken as zero.
      - id: generation
        type: u4
        doc: Low 32 bits of the generation of the checkpoint that wrote the page.
    instances:
      is_zero_page:
        value: crc == 0 and generation == 0
      is_undefined:
        value: crc == 0 and generation.as<s8> == 0xffffffff.as<s8>
  bucket_extent:
    doc-ref: 02-buckets.md, "From a bucket's number to its address"
    params:
      - id: key_width
        type: u2
      - id: value_width
        type: u2
      - id: stamp_bytes
        type: u1
    instances:
      key_slot_bytes:
        value: 'key_width > 0 ? key_width : 8'
      value_slot_bytes:
        value: 'value_width > 0 ? value_width : key_width > 0 ? 8 : 0'
      bucket_bytes:
        value: 16 + 8 * key_slot_bytes + 8 * value_slot_bytes
      per_extent:
        value: _io.size / bucket_bytes
      buckets:
        pos: 0
        size: bucket_bytes
        type: bucket(key_width, value_width, stamp_bytes)
        repeat: expr
        repeat-expr: per_extent
        doc: Many of them may be undefined (02-buckets.md). What lies behind the last whole one is.
  bucket:
    doc: Eight slots. Keys and values of slots that are not in use are undefined.
    doc-ref: 02-buckets.md, "Layout"
    params:
      - id: key_width
        type: u2
      - id: value_width
        type: u2
      - id: stamp_bytes
        type: u1
    seq:
      - id: tophash
        type: u1
        repeat: expr
        repeat-expr: 8
        doc: |
          0: empty, and so are all slots behind it in the chain. 1: empty. From 5 on: in use.
      - id: keys
        size: key_width
        repeat: expr
        repeat-expr: 8
        if: key_width > 0
      - id: key_references
        type: reference(stamp_bytes)
        repeat: expr
        repeat-expr: 8
        if: key_width == 0
        doc: To entries with the key, and with the value too unless values stand in the bucket.
      - id: values
        type: value(value_width, stamp_bytes)
        repeat: expr
        repeat-expr: 8
        if: value_width > 0
      - id: value_references
        type: reference(stamp_bytes)
        repeat: expr
        repeat-expr: 8
        if: value_width == 0 and key_width > 0
        doc: To entries with the value.
      - id: overflow
        type: u4
        doc: Number of the next bucket of the chain, 0 at its end.
      - id: version
        type: u4
        doc: To be ignored.
  value:
    doc-ref: 03-entries.md, "Stamps"
    params:
      - id: width
        type: u4
      - id: stamp_bytes
        type: u1
    seq:
      - id: stamp
        type: u8
        if: stamp_bytes > 0
        doc: Milliseconds since 1970-01-01 UTC at which the value was written.
      - id: content
        size: width - stamp_bytes
        doc: What the codec made.
  reference:
    doc-ref: 03-entries.md, "Reference"
    params:
      - id: stamp_bytes
        type: u1
    seq:
      - id: low
        type: u4
      - id: high
        type: u1
      - id: hash_bits
        size: 3
        doc: Bits 8 to 31 of the hash of the entry's key.
    instances:
      address:
        value: (((high.as<s8> * 0x100000000.as<s8>).as<s8> + low.as<s8>).as<s8> * 8.as<s8>).as<s8>
        doc: Each step has 64 bits, whatever a language takes for an integer.
      entry:
        io: _root._io
        pos: address
        type: entry(stamp_bytes)
  entry:
    doc-ref: 03-entries.md, "Entry"
    params:
      - id: stamp_bytes
        type: u1
    seq:
      - id: key_length
        type: u2
        doc: 0 also if keys stand in the bucket.
      - size: 2
      - id: value_length
        type: u4
        doc: With the stamp. 0 also if values stand in the bucket.
      - id: key
        size: key_length
      - id: value
        size: value_length
        type: 'value(value_length, value_length > 0 ? stamp_bytes : 0)'
  slab:
    doc: |
      Slots of one size. Which hold entries is told by the buckets' references; the others below the record's
      `bump` form the chain of freed slots.
    doc-ref: 03-entries.md, "Slabs"
    params:
      - id: size_class
        type: u2
      - id: stamp_bytes
        type: u1
    instances:
      doubling:
        value: '(size_class - 7) / 4'
      slot_bytes:
        value: 'size_class < 7 ? 16 + 8 * size_class : (64 << doubling) + (16 << doubling) * ((size_class - 7) % 4 + 1)'
        doc: 16, then steps of 8 up to 64, then four equal steps to each doubling.
      slot_count:
        value: _io.size / slot_bytes
      slots:
        pos: 0
        size: slot_bytes
        type: slot(stamp_bytes)
        repeat: expr
        repeat-expr: slot_count
  slot:
    params:
      - id: stamp_bytes
        type: u1
    instances:
      entry:
        pos: 0
        type: entry(stamp_bytes)
        doc: Of a slot in use.
      next_free:
        pos: 0
        type: u4
        doc: Of a freed slot, 1 + the next freed one, or 0.
