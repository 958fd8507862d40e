//! Frames the photos of a plan by masks of their subjects. A mask is costly, so only photos that are shown,
//! and that no people frame, get one.

use std::collections::BTreeMap;

use super::db::{Db, FileState};
use super::fact_actions::mask_action;
use super::first_queries::ask;
use super::need::{Gather, Need};
use mmm_base::MediaPath;
use mmm_exec::{Action, Answer};
use mmm_facts::{EditPlan, Material, MediaKind, Medium, SubjectMask};
use mmm_plan::{FramedMedium, wants_mask, with_masks};

/// A movie whose photos are not framed by masks yet.
pub(super) struct Unmasked<'a> {
    pub plan: &'a EditPlan,
    pub material: &'a Material,
}

impl Unmasked<'_> {
    /// Returns the actions that find the subjects of the photos, by photo.
    pub fn actions(&self, db: &dyn Db) -> BTreeMap<MediaPath, Action> {
        let Material { settings, frame, .. } = self.material;
        let media = self.by_path();
        let action = |path: &MediaPath| {
            let medium = media.get(path)?;
            let FileState::Read(source) = *db.media(path).state(db) else { return None };
            let is_wanted = wants_mask(FramedMedium::of(medium), settings.style.fit, *frame);
            let action = mask_action(source, &medium.probe, db.model_set()).filter(|_| is_wanted)?;
            Some((path.clone(), action))
        };
        let photos = self.plan.shots.iter().filter(|shot| shot.source.kind == MediaKind::Photo);
        photos.filter_map(|shot| action(&shot.source.path)).collect()
    }

    /// Returns the plan with its photos framed by their masks.
    pub fn framed(&self, db: &dyn Db) -> Need<EditPlan> {
        let Material { settings, frame, .. } = self.material;
        let mut gather = Gather::default();
        let mut masks: BTreeMap<MediaPath, SubjectMask> = BTreeMap::new();
        for (path, action) in self.actions(db) {
            // A photo whose mask can't be found is framed without.
            let need = ask(db, action, |answer| match answer {
                Answer::PhotoMask(mask) => Some(mask.clone()),
                _ => None,
            });
            if let Some(Some(mask)) = gather.take(&need) {
                masks.insert(path, mask.clone());
            }
        }
        gather.finish(with_masks(self.plan, &settings.style, *frame, &self.by_path(), &masks))
    }

    fn by_path(&self) -> BTreeMap<&MediaPath, &Medium> {
        self.material.media.iter().map(|medium| (&medium.path, medium)).collect()
    }
}
