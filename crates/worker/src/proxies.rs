use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use mmm_base::{Cancel, Digest, Key, Time, action_key};
use mmm_exec::{Action, Task};
use mmm_facts::{Profile, Sources, Tool, Tools};
use mmm_render::{Proxy, ProxyEnd, ProxyFile, ProxyMaker, ProxySources, RenderError};
use mmm_store::{Bucket, Record, Store, StoreError};

/// The sources, and proxies of clips that are in the store or are encoded when needed.
///
/// Proxies are not inputs of an action. A proxy depends on its clip alone, so a segment is the same whether
/// or not the proxy already exists.
pub(super) struct WithProxies<'a> {
    pub sources: &'a dyn Sources,
    pub store: &'a Store,
    pub tools: &'a Tools,
    /// The tasks of this run, for which proxies are made long enough at once.
    pub run: &'a [Task],
    /// Threads that may decode a clip.
    pub threads: usize,
}

/// The bucket of proxies in the store.
const PROXY: Bucket = Bucket { kind: "proxy", version: 6 };

/// A proxy, or why there is none.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Known {
    proxy: Proxy,
    blob: Option<Digest>,
}

impl Sources for WithProxies<'_> {
    fn path(&self, source: Digest) -> Option<PathBuf> {
        self.sources.path(source)
    }
}

impl ProxySources for WithProxies<'_> {
    fn proxies(
        &self,
        source: Digest,
        (from, to): (Time, Time),
        cancel: &Cancel,
    ) -> Result<Vec<ProxyFile>, RenderError> {
        let mut files = Vec::new();
        let mut maker = ProxyMaker::new(source, self.threads);
        let wanted = (from.micros().max(0) / 1_000_000) as u32;
        // The group of pictures that contains the first frame may begin in an earlier second.
        let mut first = wanted;
        loop {
            match self.proxy(&mut maker, source, (first, to), cancel)? {
                (Proxy::Unfit, _) => return Ok(Vec::new()),
                (Proxy::Made(stretch), _) if stretch.from <= from || first == 0 => break,
                _ if first == 0 => return Ok(Vec::new()),
                _ => first -= 1,
            }
        }
        for second in first.. {
            match self.proxy(&mut maker, source, (second, to), cancel)? {
                (Proxy::Made(stretch), Some(path)) => {
                    files.push(ProxyFile { path, stretch });
                    // The last frame that is shown begins before `to`.
                    if stretch.until.is_none_or(|until| until >= to) {
                        return Ok(files);
                    }
                    if stretch.end != ProxyEnd::Groups {
                        return Ok(Vec::new());
                    }
                }
                (Proxy::Empty, _) if Time::from_secs(i64::from(second)) <= to => {}
                _ => return Ok(Vec::new()),
            }
        }
        Ok(files)
    }

    fn threads(&self) -> usize {
        self.threads
    }
}

impl WithProxies<'_> {
    /// Returns the proxy of one second of a clip, up to `to`, and its path.
    fn proxy(
        &self,
        maker: &mut ProxyMaker,
        source: Digest,
        (second, to): (u32, Time),
        cancel: &Cancel,
    ) -> Result<(Proxy, Option<PathBuf>), RenderError> {
        let tools = self.tools.of(&Tool::DECODING);
        let key = action_key(PROXY.kind, PROXY.version, &(source, second, tools));
        let known: Option<Record<Known>> = self.store.record(PROXY, key);
        let reaches = |known: &Known| !matches!(known.proxy, Proxy::Made(stretch) if !stretch.reaches(to));
        if let Some(Known { proxy, blob }) = known.map(|record| record.value).filter(reaches) {
            match blob {
                None => return Ok((proxy, None)),
                // A proxy that was damaged since then would show other pictures.
                Some(blob) if self.store.open_blob(blob)?.is_some() => {
                    return Ok((proxy, Some(self.store.blob_path(blob))));
                }
                Some(_) => {}
            }
        }
        let made = self.make(maker, source, (second, to), key, cancel)?;
        Ok((made.proxy, made.blob.map(|blob| self.store.blob_path(blob))))
    }

    /// Returns up to when the drafts of this run show what follows a picture of a clip without a gap: a shot,
    /// and the transition after it. A proxy that is made longer later begins with the same pictures, which are
    /// decoded again.
    fn needed_to(&self, source: Digest, to: Time) -> Time {
        let stretches = self.run.iter().filter_map(|task| match &task.action {
            Action::Segment(recipe) if recipe.canvas.profile == Profile::Draft => Some(recipe),
            _ => None,
        });
        let mut stretches: Vec<(Time, Time)> = stretches
            .flat_map(|recipe| {
                let shots = recipe.view.shots().filter(|shot| shot.source == source);
                shots.filter_map(|shot| shot.stretch(recipe.frames, recipe.canvas.rate))
            })
            .collect();
        stretches.sort_unstable();
        let joined = |to: Time, (start, end): (Time, Time)| if start <= to { to.max(end) } else { to };
        stretches.into_iter().fold(to, joined)
    }

    fn make(
        &self,
        maker: &mut ProxyMaker,
        source: Digest,
        (second, to): (u32, Time),
        key: Key,
        cancel: &Cancel,
    ) -> Result<Known, RenderError> {
        let to = self.needed_to(source, to);
        let path = self.sources.path(source).ok_or(RenderError::Gone { source_digest: source })?;
        let draft = self.store.draft()?;
        let proxy = match maker.make(&path, (second, to), draft.path(), cancel) {
            // Problems of the clip itself are reported when the clip is rendered.
            Err(RenderError::Media { error, .. }) if !error.is_transient() => Proxy::Unfit,
            Err(RenderError::Io(error)) => return Err(StoreError::at(draft.path(), error).into()),
            proxy => proxy?,
        };
        if proxy == Proxy::Later {
            return Ok(Known { proxy, blob: None });
        }
        // The proxy is valid only if the file that was read is still the one that was digested.
        self.sources.path(source).ok_or(RenderError::Gone { source_digest: source })?;
        let blob = matches!(proxy, Proxy::Made(_)).then(|| self.store.keep(draft)).transpose()?;
        let made_of = serde_json::to_value((source, second)).ok();
        let value = Known { proxy, blob };
        let record = Record { blobs: blob.into_iter().collect(), seconds: 0.0, made_of, value };
        self.store.set_record(PROXY, key, &record)?;
        Ok(value)
    }
}
