//! x
use reelscope_wire::*;
fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).unwrap();
        let mut r = RecordingReader::open(std::io::Cursor::new(bytes)).unwrap();
        let m = r.manifest();
        let mut w = RecordingWriter::new(Vec::new()).unwrap();
        let (mut s, mut c, mut b, mut skipped, mut rows) = (0, 0, 0, 0, 0);
        while let Some(i) = r.next().unwrap() {
            match i {
                Item::Message(LogMessage::Store(i), _) => {
                    s += 1;
                    w.store(&i).unwrap();
                    if s == 1 {
                        println!("{i:?}")
                    }
                }
                Item::Message(LogMessage::Chunk(id, k), _) => {
                    c += 1;
                    rows += k.rows.len();
                    w.chunk(&id, &k).unwrap();
                    let again = Chunk::decode(k.encode().unwrap().into()).unwrap();
                    assert_eq!(
                        (&again.rows, &again.times, &again.columns, again.id),
                        (&k.rows, &k.times, &k.columns, k.id)
                    );
                }
                Item::Message(LogMessage::Blueprint, _) => b += 1,
                Item::Skipped(e) => {
                    skipped += 1;
                    println!("{e}")
                }
                Item::End => println!("end"),
            }
        }
        println!(
            "{path}: stores {s} chunks {c} rows {rows} blueprint {b} skipped {skipped} ended {} missing {} pos {} manifest {:?}",
            r.is_ended(),
            r.missing(),
            r.position(),
            m.as_ref().map(|m| m.chunks.len())
        );
        if let Some(m) = m {
            for k in m.chunks {
                let (id, c) = r.read_chunk_at(k.offset, k.size).unwrap();
                assert_eq!(
                    (id, c.entity, c.id, c.rows.len() as u64),
                    (k.store, k.entity, k.id, k.rows)
                );
            }
        }
        let out = w.finish().unwrap();
        std::fs::create_dir_all("/tmp/rewritten").unwrap();
        std::fs::write(
            std::path::Path::new("/tmp/rewritten")
                .join(std::path::Path::new(&path).file_name().unwrap()),
            out,
        )
        .unwrap();
    }
}
