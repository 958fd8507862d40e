use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use salsa::Setter;

use super::complain::{complaints, missing_files, no_pair};
use super::db::{Db, FileState, MovieDb, Project};
use super::fingerprint::{beats_files, cube_files, listing, paths};
use super::listed::{Listed, Passed};
use super::lock_use::LockUse;
use super::need::Need;
use super::on_disk::OnDisk;
use super::own_lock::OwnLock;
use super::places::Places;
use super::queries;
use super::recorded::recorded;
use super::scan::scan;
use super::sidecars::read_beside;
use super::small_file::{MAX_BEATS, MAX_CUBE, read_small, read_spec};
use super::tally::Tally;
use super::{Means, Progress, Stop};
use mmm_base::diagnostics::Diagnostic;
use mmm_base::{Cancel, Digest, MediaPath};
use mmm_facts::Typefaces;
use mmm_facts::{EditPlan, MediumTime};
use mmm_facts::{Profile, Timeline};
use mmm_fonts::Shelf;
use mmm_plan::Recorded;
use mmm_plan::lock::Lock;
use mmm_spec::CubeFile;
use mmm_spec::{Listing, Movie, read_beats};
use mmm_store::{Stamp, Stamps, Store};

/// A spec, the folder around it, and the cache: everything that a build uses.
pub struct Workspace {
    pub(super) db: MovieDb,
    pub(super) project: Project,
    pub(super) folder: PathBuf,
    spec: PathBuf,
    pub(super) store: Store,
    pub(super) stamps: Stamps,
    pub(super) places: Places,
    pub(super) means: Means,
    /// The clusters that the last search for fonts on the machine looked for, and the fonts that it found.
    pub(super) shelf: (BTreeSet<String>, Shelf),
    pub(super) cancel: Cancel,
    pub(super) tally: Tally,
    /// Warnings about encoders that failed.
    pub(super) fallbacks: Vec<Diagnostic>,
    /// What the listing skipped.
    passed: Passed,
    pub(super) lock_use: LockUse,
    /// The lock on the disk, and what is wrong with it.
    pub(super) locked: Option<Lock>,
    pub(super) lock_trouble: Option<Diagnostic>,
    pub(super) own_lock: OwnLock,
}

impl Workspace {
    /// Opens the spec at `spec`. Until the workspace is closed, no collection removes what it used from
    /// `store`.
    ///
    /// # Errors
    /// [`Stop::NoSpec`] if the spec can't be read, [`Stop::Store`] if the store can't be written.
    pub fn open(
        spec: &Path,
        store: &Store,
        means: Means,
        profile: Profile,
        cancel: Cancel,
    ) -> Result<Self, Stop> {
        let missing = |error: std::io::Error| Stop::NoSpec {
            path: spec.to_owned(),
            reason: mmm_base::diagnostics::io_words(&error),
        };
        let text = read_spec(spec).map_err(missing)?;
        let folder = spec.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).map_err(missing)?;
        let db = MovieDb::new(means.model_set, means.worker.tools().clone());
        let typefaces = Typefaces::default();
        let project = Project::new(
            &db,
            text,
            Listing::default(),
            profile,
            means.encoders,
            BTreeMap::new(),
            BTreeMap::new(),
            BTreeMap::new(),
            typefaces,
            None,
            None,
        );
        let store = store.share()?;
        let stamps = Stamps::load(&store, &folder);
        Ok(Self {
            db,
            project,
            folder,
            spec: spec.to_owned(),
            store,
            stamps,
            places: Places::default(),
            means,
            shelf: Default::default(),
            cancel,
            tally: Tally::default(),
            fallbacks: Vec::new(),
            passed: Passed::default(),
            lock_use: LockUse::default(),
            locked: None,
            lock_trouble: None,
            own_lock: OwnLock::default(),
        })
    }

    /// Returns the spec's path, as it was given.
    pub fn spec_path(&self) -> &Path {
        &self.spec
    }

    /// Returns the absolute path of the spec, which stays right when the current folder is moved away.
    pub(super) fn spec_place(&self) -> PathBuf {
        self.spec.file_name().map_or_else(|| self.spec.clone(), |name| self.folder.join(name))
    }

    /// Returns the spec's text, with invalid UTF-8 replaced.
    pub fn spec_text(&self) -> String {
        String::from_utf8_lossy(self.project.text(&self.db)).into_owned()
    }

    /// Selects the profile, draft or final, of later builds.
    pub fn use_profile(&mut self, profile: Profile) {
        if self.project.profile(&self.db) != profile {
            self.project.set_profile(&mut self.db).to(profile);
        }
    }

    /// Returns the movie of the spec; `None` if the spec has errors.
    pub fn movie(&self) -> Option<&Movie> {
        queries::movie(&self.db, self.project).as_ref()
    }

    /// Returns the names of the queries that ran since the last call.
    pub fn queries_ran(&self) -> Vec<String> {
        self.db.take_events()
    }

    /// Reads the spec again and checks every file that it names.
    ///
    /// # Errors
    /// If the spec can't be read, or on cancellation.
    pub fn refresh(&mut self, progress: &dyn Progress) -> Result<(), Stop> {
        let text = read_spec(&self.spec_place()).map_err(|error| Stop::NoSpec {
            path: self.spec.clone(),
            reason: mmm_base::diagnostics::io_words(&error),
        })?;
        if self.project.text(&self.db) != text {
            self.project.set_text(&mut self.db).to(text);
        }
        self.read_lock();
        let Some(movie) = queries::movie(&self.db, self.project).clone() else { return Ok(()) };
        progress.step("reading");
        self.set_listing(&movie)?;
        self.set_files(&movie);
        self.recall_damage();
        self.set_beside();
        self.set_beats(&movie);
        self.set_cubes(&movie);
        self.set_typefaces(&movie);
        self.stamps.save(&self.store)?;
        if self.cancel.is_cancelled() { Err(Stop::Interrupted) } else { Ok(()) }
    }

    fn set_listing(&mut self, movie: &Movie) -> Result<(), Stop> {
        let Listed { files: listing, passed } = listing(&self.spec, &self.folder, movie, &self.cancel);
        if self.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        self.passed = passed;
        if *self.project.listing(&self.db) != listing {
            self.project.set_listing(&mut self.db).to(listing);
        }
        Ok(())
    }

    /// Reads the files that other programs put beside the media.
    fn set_beside(&mut self) {
        let selection = queries::selection(&self.db, self.project);
        let beside = read_beside(&self.folder, &self.project.listing(&self.db).files, selection);
        if *self.project.beside(&self.db) != beside {
            self.project.set_beside(&mut self.db).to(beside);
        }
    }

    /// Reads the lists of beats that the spec names.
    fn set_beats(&mut self, movie: &Movie) {
        let disk = OnDisk::new(&self.folder);
        let read = |path: &MediaPath| {
            let bytes = read_small(&disk.place(path), MAX_BEATS)
                .map_err(|error| mmm_base::diagnostics::io_words(&error))?;
            let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
            read_beats(&text).map_err(|bad| bad.to_string())
        };
        let files = beats_files(movie);
        let beats: BTreeMap<MediaPath, _> = files.map(|path| (path.clone(), read(path))).collect();
        if *self.project.beats(&self.db) != beats {
            self.project.set_beats(&mut self.db).to(beats);
        }
    }

    /// Reads the colour tables that the spec names.
    fn set_cubes(&mut self, movie: &Movie) {
        let mut cubes = BTreeMap::new();
        for path in cube_files(movie) {
            let place = OnDisk::new(&self.folder).place(path);
            let read = read_small(&place, MAX_CUBE).map_err(|error| mmm_base::diagnostics::io_words(&error));
            let cube = read.and_then(|bytes| {
                let text = std::str::from_utf8(&bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
                CubeFile::parse(text).map(|_| Digest::of(&bytes)).map_err(|bad| bad.to_string())
            });
            if let (Ok(digest), Ok(meta)) = (&cube, fs::metadata(&place)) {
                self.places.0.insert(*digest, (place, Stamp::of(&meta)));
            }
            cubes.insert(path.clone(), cube);
        }
        if *self.project.cubes(&self.db) != cubes {
            self.project.set_cubes(&mut self.db).to(cubes);
        }
    }

    fn set_files(&mut self, movie: &Movie) {
        let paths = paths(movie, queries::selection(&self.db, self.project));
        let scan = scan(&self.folder, &paths, &mut self.stamps, &self.means.pool, &self.cancel);
        self.places = self.means.places(scan.places);
        for path in paths {
            let state = scan.states.get(&path).cloned().unwrap_or(FileState::Missing);
            let file = self.db.media(&path);
            if *file.state(&self.db) != state {
                file.set_state(&mut self.db).to(state);
            }
        }
    }

    /// Returns everything that is wrong with the spec and its media. Runs the actions that this requires.
    ///
    /// # Errors
    /// On cancellation, or if the cache can't be written.
    pub fn check(&mut self, progress: &dyn Progress) -> Result<Vec<Diagnostic>, Stop> {
        let mut found = queries::parsed(&self.db, self.project).diagnostics.clone();
        found.extend(self.lock_trouble.clone());
        if self.movie().is_none() {
            let parsed = queries::parsed(&self.db, self.project);
            found.extend(missing_files(parsed, &self.spec, &self.folder, &self.cancel));
            return Ok(found);
        }
        // Facts come before footage. A query that never sees facts missing can tell that they are unchanged,
        // so nothing after it runs again.
        self.settle(progress, |db, project| queries::headers(db, project).clone())?;
        self.settle(progress, |db, project| queries::known(db, project).clone())?;
        self.settle(progress, |db, project| queries::fitted(db, project))?;
        if let Some(no_pair) = no_pair(&self.db, self.project) {
            return Err(Stop::Failed(vec![no_pair]));
        }
        for output in 0..self.outputs() {
            self.settle(progress, |db, project| queries::edit_plan(db, project, output).clone().map(drop))?;
        }
        found.extend(complaints(&self.db, self.project, &self.passed, &self.folder));
        Ok(found)
    }

    /// Returns what is wrong as far as headers show, and as far as facts and plans are cached. Decodes
    /// nothing.
    ///
    /// # Errors
    /// On cancellation, or if the cache can't be written.
    pub fn check_headers(&mut self, progress: &dyn Progress) -> Result<Vec<Diagnostic>, Stop> {
        let mut found = queries::parsed(&self.db, self.project).diagnostics.clone();
        found.extend(self.lock_trouble.clone());
        if self.movie().is_none() {
            let parsed = queries::parsed(&self.db, self.project);
            found.extend(missing_files(parsed, &self.spec, &self.folder, &self.cancel));
            return Ok(found);
        }
        self.settle(progress, |db, project| queries::headers(db, project).clone())?;
        self.recall();
        found.extend(no_pair(&self.db, self.project));
        found.extend(complaints(&self.db, self.project, &self.passed, &self.folder));
        Ok(found)
    }

    /// Returns the number of outputs in the spec.
    pub fn outputs(&self) -> usize {
        self.movie().map_or(0, |movie| movie.outputs.len())
    }

    /// Returns the plan of an output (counted from 0) that the last [`Workspace::check`] or build computed;
    /// `None` if there is none.
    pub fn plan(&self, output: usize) -> Option<EditPlan> {
        match queries::edit_plan(&self.db, self.project, output) {
            Need::Ready(Some(Ok(plan))) => Some(plan.clone()),
            _ => None,
        }
    }

    /// Returns the timeline of an output (counted from 0) that the last [`Workspace::check`] or build
    /// computed; `None` if there is no plan.
    pub fn timeline(&self, output: usize) -> Option<Timeline> {
        match queries::timeline(&self.db, self.project, output) {
            Need::Ready(timeline) => timeline.clone(),
            Need::Missing(_) => None,
        }
    }

    /// Returns when each photo and clip was taken, as far as the headers are known, and the pictures where
    /// there is a plan.
    pub fn capture_times(&self) -> Vec<(MediaPath, Option<MediumTime>)> {
        let Some(movie) = self.movie() else { return Vec::new() };
        let media = recorded(&self.db, self.project);
        let times = mmm_plan::capture_times(&media, &movie.cameras);
        let planned: BTreeMap<MediaPath, Option<MediumTime>> =
            match queries::material(&self.db, self.project, 0) {
                Need::Ready(Some(material)) => {
                    let times = mmm_plan::planned_times(&material);
                    material.media.into_iter().map(|medium| medium.path).zip(times).collect()
                }
                _ => BTreeMap::new(),
            };
        let time = |(medium, own): (&Recorded, Option<MediumTime>)| {
            (medium.path.clone(), planned.get(medium.path).copied().unwrap_or(own))
        };
        media.iter().zip(times).map(time).collect()
    }

    /// Returns the cache. Its handle keeps what this workspace uses.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Asks until there is an answer, and runs the missing actions in between.
    pub(super) fn settle<T>(
        &mut self,
        progress: &dyn Progress,
        ask: impl Fn(&MovieDb, Project) -> Need<T>,
    ) -> Result<T, Stop> {
        loop {
            match ask(&self.db, self.project) {
                Need::Ready(value) => return Ok(value),
                Need::Missing(actions) => self.supply(actions, progress)?,
            }
        }
    }
}
