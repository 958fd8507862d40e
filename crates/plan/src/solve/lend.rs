use super::take::Take;
use crate::cast::{Cast, Limits};
use crate::music::{Grid, Step};
use mmm_facts::MediaKind;

/// How much must move in a clip for it to get more time.
const MOVING: f64 = 0.4;
/// How many nodes a cut may move at most.
const NODES: usize = 2;

/// Gives lively clips a beat or two of the photo after them.
///
/// Only a clip and its neighbour change, so that the plan stays stable.
pub(super) fn lend(cast: &Cast, grid: &Grid, limits: &Limits, takes: &mut [Take]) {
    for index in 1..takes.len() {
        let (clip, photo) = (takes[index - 1], takes[index]);
        let (lender, taker) = (&cast.candidates[photo.who], &cast.candidates[clip.who]);
        let moves = taker.kind == MediaKind::Clip && taker.motion >= MOVING;
        if !moves || lender.kind == MediaKind::Clip || grid.nodes[clip.to].step == Step::Section {
            continue;
        }
        let (own, lent) = (grid.span(clip.from, clip.to), grid.span(photo.from, photo.to));
        let fits = |&node: &usize| {
            let longer = grid.span(clip.from, node);
            let shorter = grid.span(node, photo.to);
            longer <= taker.longest(limits)
                && longer.micros() * 2 <= own.micros() * 3
                && shorter >= limits.min
                && shorter.micros() * 2 >= lent.micros()
                && matches!(grid.nodes[node].step, Step::Down | Step::Beat)
        };
        if let Some(node) = (clip.to + 1..photo.to.min(clip.to + NODES + 1)).rev().find(fits) {
            takes[index - 1].to = node;
            takes[index].from = node;
        }
    }
}
