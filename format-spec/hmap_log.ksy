meta:
  id: hmap_log
  title: Log file of an hmap store
  file-extension: hmap-log
  endian: le
  ks-version: '0.9'
doc: |
  The log of version 1, as 04-log.md and 05-checkpoint-and-recovery.md describe it. hmap.ksy describes the
  data file. These pages are right where this file differs from them.

  What a program adds: the sums (CRC32C), the way through the records, which crosses segments (04-log.md,
  "Following the log"), and the choice of the committed set of images (05, "Set"). A record begins wherever
  the one before it ended, and may lie in several segments; so `record` is the type of a stream made of the
  bytes from a position on.

  Salts and store ids use all 64 bits and are given as eight bytes.
doc-ref: 04-log.md
seq:
  - id: head
    type: file_head
    size: 4096
  - id: slots
    type: slot
    size: 1048576
    repeat: expr
    repeat-expr: (_io.size - 4096) / 1048576
    doc: In no order. Bytes behind the last whole slot are ignored.
enums:
  segment_kind:
    1: records
    2: images
  image_kind:
    1: page
    2: commit
  op:
    1: put
    2: put_if_absent
    3: replace
    4: replace_if_equal
    5: remove
    6: remove_if_equal
    7: clear
    8: batch
    9: mark
    10: expire
types:
  file_head:
    doc: A file that does not begin with the head of this store's log is not its log.
    doc-ref: 04-log.md, "Head of the file"
    seq:
      - id: magic
        size: 8
        doc: ASCII `HMAPLOGS`.
      - id: version
        type: u4
        doc: 1.
      - id: reserved
        size: 4
        doc: Zeros.
      - id: store_id_high
        size: 8
        doc: As that of the data file's header.
      - id: store_id_low
        size: 8
        doc: As that of the data file's header.
      - id: crc
        type: u4
        doc: CRC32C of `summed`.
      - id: rest
        size-eos: true
        doc: Zeros.
    instances:
      summed:
        pos: 0
        size: 32
  slot:
    doc: A segment, or the remains of one, or zeros.
    doc-ref: 04-log.md, "Slots"
    seq:
      - id: head
        type: segment_head
        size: 72
      - id: content
        size: 1048504
        doc: Of a segment of records, lsns `base` to `base + 1048503`, valid only as far as its records are.
    instances:
      images:
        pos: 72
        type: page_image
        size: 4120
        repeat: expr
        repeat-expr: 254
        doc: Of a segment of images. Those behind the set's commit are undefined.
  segment_head:
    doc: It counts only if its magic, its crc and its store id are right, and may hold anything otherwise.
    doc-ref: 04-log.md, "Head of a segment"
    seq:
      - id: magic
        size: 8
        doc: ASCII `HMAPLOG1`.
      - id: kind
        type: u4
        enum: segment_kind
      - size: 4
      - id: store_id
        size: 8
        doc: As `store_id_low` of the data file's header.
      - id: number
        type: u8
        doc: Grows with every segment written.
      - id: salt
        size: 8
        doc: Drawn anew each time the store is opened for writing. Part of what is summed in each record and image.
      - id: base
        type: u8
        doc: Of records, the lsn of the first byte of the content. Of images, the generation of the checkpoint.
      - id: chain
        type: u4
        doc: Of the first segment of records since the store was opened, crc of the record before it; else 0.
      - id: ordinal
        type: u4
        doc: Of images, place in the set.
      - id: set
        type: u8
        doc: Of images, number of the first segment of the set.
      - size: 4
      - id: crc
        type: u4
        doc: CRC32C of `summed`.
    instances:
      summed:
        pos: 0
        size: 68
  record:
    doc-ref: 04-log.md, "Record"
    seq:
      - id: crc
        type: u4
        doc: CRC32C of the crc of the record before, the salt of the segment in which the record begins, and `summed`.
      - id: length
        type: u4
        doc: Of the whole record.
      - id: sequence
        type: u8
      - id: operation
        type: operation
        size: length - 16
    instances:
      summed:
        pos: 4
        size: length - 4
        doc: The record from `length` to the end of its padding.
  operation:
    doc: What a record holds, and what a batch holds several of.
    doc-ref: 04-log.md, "Operations"
    seq:
      - id: op
        type: u1
        enum: op
      - size: 1
      - id: key_length
        type: u2
      - id: value_length
        type: u4
      - id: key
        size: key_length
      - id: value
        size: value_length
        type:
          switch-on: op
          cases:
            'op::batch': operations
            'op::replace_if_equal': expected_and_new
        doc: |
          Of `put`, `put_if_absent` and `replace` the value, with its stamp if entries expire; of `remove` nothing,
          of `remove_if_equal` the expected value, without its stamp, both behind the time (u8) if entries expire; of
          `clear` the new hash0; of `mark` the mark; of `expire` the horizon (u8).
      - size: (8 - (key_length + value_length) % 8) % 8
  operations:
    doc: A batch. The operations take effect in order and together.
    seq:
      - id: all
        type: operation
        repeat: eos
  expected_and_new:
    seq:
      - id: expected_length
        type: u4
      - id: expected
        size: expected_length
        doc: Without a stamp.
      - id: value
        size-eos: true
        doc: The new value, with its stamp if entries expire.
  page_image:
    doc: Of 4120 bytes.
    doc-ref: 05-checkpoint-and-recovery.md, "Page image"
    seq:
      - id: crc
        type: u4
        doc: CRC32C of the crc of the image before, the salt, and `summed`.
      - id: kind
        type: u4
        enum: image_kind
      - id: page
        type: u4
        doc: Its number in the data file.
      - id: ordinal
        type: u4
        doc: Place in the set, counted through all its segments.
      - id: generation
        type: u8
      - id: content
        size: 4096
        doc: The page as it shall be; of the commit, the new header slot.
    instances:
      summed:
        pos: 4
        size: 4116
        doc: The image from `kind` to its end.
