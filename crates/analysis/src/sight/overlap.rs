use mmm_facts::SubjectBox;

/// Returns the boxes that overlap no better one by more than `most` (intersection over union). `found` is
/// sorted, the best first; `is_rival` tells which pairs compete.
pub(super) fn without_overlaps<T>(
    found: Vec<T>,
    most: f64,
    area: impl Fn(&T) -> SubjectBox,
    is_rival: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in found {
        let is_free = |other: &T| !is_rival(other, &one) || overlap(&area(other), &area(&one)) <= most;
        if kept.iter().all(is_free) {
            kept.push(one);
        }
    }
    kept
}

/// Returns the intersection of two boxes over their union, 0..=1.
fn overlap(one: &SubjectBox, other: &SubjectBox) -> f64 {
    let width = one.right().min(other.right()) - one.x.get().max(other.x.get());
    let height = one.bottom().min(other.bottom()) - one.y.get().max(other.y.get());
    let shared = width.max(0.0) * height.max(0.0);
    let all = one.area() + other.area() - shared;
    if all > 0.0 { shared / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_boxes_that_overlap_the_best_stays() {
        let area = |x: f64| SubjectBox::between((x, 0.2), (x + 0.2, 0.6), 0.5);
        let found = vec![area(0.1), area(0.15), area(0.5), area(0.35)];
        let kept = without_overlaps(found, 0.3, |area| *area, |_, _| true);
        assert_eq!(kept, [area(0.1), area(0.5), area(0.35)]);
        let all = without_overlaps(vec![area(0.1), area(0.1)], 0.3, |area| *area, |_, _| false);
        assert_eq!(all.len(), 2, "boxes that don't compete stay");
    }
}
