use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Store, StoreError};
use mmm_base::{Digest, Key};

/// A kind of record and the version of its meaning. A new version uses a new folder; collections remove the
/// old one in time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Bucket {
    pub kind: &'static str,
    pub version: u32,
}

/// The answer of an action: a value, as JSON, and the blobs that it refers to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Record<T> {
    pub blobs: Vec<Digest>,
    /// The seconds that it took to compute.
    pub seconds: f64,
    /// What its key was computed from: the action, as JSON. It is written for whoever looks at the store, and not
    /// read back.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub made_of: Option<serde_json::Value>,
    pub value: T,
}

impl Store {
    pub(super) fn record_path(&self, bucket: Bucket, key: Key) -> PathBuf {
        let name = key.to_string();
        let folder = format!("{}-v{}", bucket.kind, bucket.version);
        self.root().join("records").join(folder).join(&name[..2]).join(name)
    }

    /// Returns the record of an action, and holds it and its blobs from now on. Removes a damaged or
    /// unreadable record and treats it as missing.
    pub fn record<T: for<'de> Deserialize<'de>>(&self, bucket: Bucket, key: Key) -> Option<Record<T>> {
        let path = self.record_path(bucket, key);
        let meta = self.own_file(&path)?;
        let _inside = self.gate().enter().ok()?;
        let bytes = fs::read(&path).ok()?;
        let record: Option<Record<T>> = parse(&bytes);
        let Some(record) = record else {
            fs::remove_file(&path).ok();
            return None;
        };
        self.hold_used(&path, meta.modified());
        for blob in &record.blobs {
            self.hold(&self.blob_path(*blob));
        }
        Some(record)
    }

    /// Writes the record of an action.
    ///
    /// # Errors
    /// If the disk is full or can't be written.
    pub fn set_record<T: Serialize>(
        &self,
        bucket: Bucket,
        key: Key,
        record: &Record<T>,
    ) -> Result<(), StoreError> {
        let body = serde_json::to_vec(record).expect("a record is plain values with text keys");
        let mut bytes = Digest::of(&body).to_string().into_bytes();
        bytes.push(b'\n');
        bytes.extend(body);
        self.write_whole(&self.record_path(bucket, key), &bytes)
    }

    /// Removes the record of an action, if there is one.
    pub fn drop_record(&self, bucket: Bucket, key: Key) {
        let path = self.record_path(bucket, key);
        if !self.is_foreign(&path) {
            fs::remove_file(path).ok();
        }
    }
}

/// Parses a record: the digest of its body, a line feed, and the body.
fn parse<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Option<Record<T>> {
    let body = body(bytes)?;
    serde_json::from_slice(body).ok()
}

/// Returns the body of a record, if the digest matches.
pub(super) fn body(bytes: &[u8]) -> Option<&[u8]> {
    let (digest, body) = bytes.split_at_checked(64)?;
    let body = body.strip_prefix(b"\n")?;
    let digest: Digest = std::str::from_utf8(digest).ok()?.parse().ok()?;
    (Digest::of(body) == digest).then_some(body)
}
