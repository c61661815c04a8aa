//! Digests that notice a swapped row, fingerprints that notice a changed table, tokens that stay the same in every retry.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::ask::Row;
use crate::schema::Table;

type HmacSha256 = Hmac<Sha256>;

/// Keyed digest over rows of one table: the deciding columns, key included, of each row in sorted order. Hexadecimal.
pub fn digest(nonce: &str, table: &str, columns: &[String], rows: &[Row]) -> String {
    let mut mac = HmacSha256::new_from_slice(nonce.as_bytes()).expect("any key length is fine");
    part(&mut mac, table.as_bytes());
    for column in columns {
        part(&mut mac, column.as_bytes());
    }
    let mut encoded: Vec<Vec<u8>> = rows
        .iter()
        .map(|row| {
            let mut bytes = Vec::new();
            row.iter().for_each(|v| v.encode(&mut bytes));
            bytes
        })
        .collect();
    encoded.sort_unstable();
    for row in &encoded {
        part(&mut mac, row);
    }
    hex::encode(mac.finalize().into_bytes())
}

/// SHA-256 over what a plan relies on in a table's structure: columns, types, nullability, keys, foreign keys, triggers.
pub fn fingerprint(table: &Table) -> String {
    let relevant = (
        &table.name,
        table.columns.iter().map(|c| (&c.name, &c.type_name, c.nullable, c.generated, c.max_chars)).collect::<Vec<_>>(),
        (&table.key, &table.unique, &table.foreign_keys, &table.triggers),
        (table.row_security, table.view, table.no_transactions),
    );
    hex::encode(Sha256::digest(serde_json::to_vec(&relevant).expect("plain data")))
}

/// A token that is a keyed function of what it stands for: 64 hexadecimal digits, cut by the caller.
pub fn token(key: &str, parts: &[&[u8]]) -> String {
    let mut mac = HmacSha256::new_from_slice(key.as_bytes()).expect("any key length is fine");
    parts.iter().for_each(|p| part(&mut mac, p));
    hex::encode(mac.finalize().into_bytes())
}

fn part(mac: &mut HmacSha256, bytes: &[u8]) {
    mac.update(&(bytes.len() as u64).to_be_bytes());
    mac.update(bytes);
}
