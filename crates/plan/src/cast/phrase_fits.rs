use std::collections::BTreeMap;

use mmm_base::Score;
use mmm_facts::{Embedding, PhraseFit};
use mmm_lexicon::Query;

/// Texts that fit every photo. What a photo has in common with them says nothing about its content.
const NEUTRAL: [&str; 3] = ["a photo", "a picture", "an image"];
/// What cosines are multiplied by before they are compared. CLIP, OpenCLIP and SigLIP end their training at
/// about this value (“logit scale”).
const SCALE: f64 = 100.0;
/// The limit from which on a photo fits lies in the widest gap of the set, but within these bounds: how much
/// closer, in scaled cosines, the phrase is than the neutral texts.
const LEAST: f64 = 0.5;
const MOST: f64 = 3.0;
/// How much of a fit depends on the place among those that fit.
const BY_PLACE: f64 = 0.25;

/// Returns the text whose embedding stands for a phrase.
fn framed(phrase: &str) -> String {
    format!("a photo of {phrase}")
}

/// Returns the texts whose embeddings [`phrase_fits`] needs for a prompt or a query; none if it names nothing
/// that a picture could show.
pub fn query_texts(query: &str) -> Vec<String> {
    let query = Query::read(query);
    if query.is_empty() {
        return Vec::new();
    }
    let mut texts: Vec<String> = NEUTRAL.map(str::to_owned).to_vec();
    texts.extend(query.wishes().iter().map(|wish| framed(&wish.phrase)));
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Returns how well each picture fits each phrase of a prompt or a query, from the embeddings of
/// [`query_texts`] and of the pictures.
///
/// The cosine with the phrase, less that with the neutral texts, is compared with a limit that lies where the
/// set parts best into pictures that fit and others. A phrase without an embedding is left out.
///
/// # Errors
/// If pictures and texts are of different spaces: the numbers of their values.
pub fn phrase_fits(
    query: &str,
    texts: &BTreeMap<String, Embedding>,
    pictures: &[Embedding],
) -> Result<Vec<Vec<PhraseFit>>, (usize, usize)> {
    let neutral: Vec<&Embedding> = NEUTRAL.iter().filter_map(|text| texts.get(*text)).collect();
    let query = Query::read(query);
    let mut fits = vec![Vec::new(); pictures.len()];
    for wish in query.wishes() {
        let Some(text) = texts.get(&framed(&wish.phrase)) else { continue };
        let margins = pictures.iter().map(|picture| margin(picture, text, &neutral));
        let margins: Vec<f64> = margins.collect::<Result<_, _>>()?;
        for (fits, fit) in fits.iter_mut().zip(placed(&margins)) {
            let fit = PhraseFit { phrase: wish.phrase.clone(), fit: Score::new(fit) };
            if !fits.contains(&fit) {
                fits.push(fit);
            }
        }
    }
    Ok(fits)
}

/// Returns how much closer a text is to a picture than the neutral ones are, in scaled cosines.
fn margin(picture: &Embedding, text: &Embedding, neutral: &[&Embedding]) -> Result<f64, (usize, usize)> {
    let cosine = |text: &Embedding| picture.cosine(text).ok_or((picture.width(), text.width()));
    let usual = neutral.iter().map(|text| cosine(text)).collect::<Result<Vec<f64>, _>>()?;
    let usual = usual.iter().sum::<f64>() / usual.len().max(1) as f64;
    Ok(SCALE * (cosine(text)? - usual))
}

/// Returns the fit of each picture, 0..=1, from the margins of all.
fn placed(margins: &[f64]) -> Vec<f64> {
    let mut sorted = margins.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let limit = parting(&sorted).clamp(LEAST, MOST);
    let above = |margin: f64| (margin - limit).max(0.0);
    let best = above(sorted.last().copied().unwrap_or(limit));
    let place = |margin: f64| if best > 0.0 { above(margin) / best } else { 0.0 };
    let sure = |margin: f64| 1.0 / (1.0 + libm::exp(limit - margin));
    margins.iter().map(|margin| sure(*margin) * (1.0 - BY_PLACE + BY_PLACE * place(*margin))).collect()
}

/// Returns the value that parts sorted numbers best into low and high ones: the variance between the two is
/// the largest (Otsu 1979).
fn parting(sorted: &[f64]) -> f64 {
    let total: f64 = sorted.iter().sum();
    let (mut below, mut best, mut parting) = (0.0, 0.0, LEAST);
    for (at, pair) in sorted.windows(2).enumerate() {
        below += pair[0];
        let (low, high) = ((at + 1) as f64, (sorted.len() - at - 1) as f64);
        let between = low * high * (below / low - (total - below) / high).powi(2);
        if between > best {
            (best, parting) = (between, (pair[0] + pair[1]) / 2.0);
        }
    }
    parting
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns an embedding at an angle, in degrees, from the neutral texts.
    fn at(degrees: f32) -> Embedding {
        Embedding::of(&[degrees.to_radians().cos(), degrees.to_radians().sin()]).unwrap()
    }

    fn texts(phrase: &str, degrees: f32) -> BTreeMap<String, Embedding> {
        let mut texts: BTreeMap<String, Embedding> =
            NEUTRAL.iter().map(|text| ((*text).to_owned(), at(0.0))).collect();
        texts.insert(framed(phrase), at(degrees));
        texts
    }

    fn fits(pictures: &[f32]) -> Vec<f64> {
        let pictures: Vec<Embedding> = pictures.iter().map(|degrees| at(*degrees)).collect();
        let fits = phrase_fits("kids at the beach", &texts("kids at the beach", 90.0), &pictures).unwrap();
        fits.iter().map(|fits| fits[0].fit.get()).collect()
    }

    #[test]
    fn a_text_is_framed_and_compared_with_neutral_ones() {
        let texts = query_texts("Kids at the beach, no trams");
        assert_eq!(
            texts,
            ["a photo", "a photo of kids at the beach", "a photo of trams", "a picture", "an image"]
        );
        assert!(query_texts("slow, 1 minute").is_empty() && query_texts("").is_empty());
    }

    #[test]
    fn pictures_that_fit_are_told_from_others_and_ranked() {
        let found = fits(&[80.0, 10.0, 60.0, 20.0, 15.0]);
        assert!(found[0] > 0.95 && found[2] > 0.7 && found[0] > found[2], "{found:?}");
        assert!([1, 3, 4].iter().all(|at| found[*at] < 0.01), "{found:?}");
    }

    #[test]
    fn where_nothing_or_everything_fits_the_set_does_not_invent_a_gap() {
        let none = fits(&[44.0, 43.0, 20.0, 10.0]);
        assert!(none.iter().all(|fit| *fit < 0.5), "{none:?}");
        let all = fits(&[80.0, 75.0, 70.0, 65.0]);
        assert!(all.iter().all(|fit| *fit > 0.7), "{all:?}");
        assert_eq!(fits(&[80.0]).len(), 1);
        assert!(fits(&[]).is_empty());
    }

    #[test]
    fn the_order_of_the_pictures_does_not_matter() {
        let (one, other) = (fits(&[80.0, 47.0, 10.0]), fits(&[10.0, 80.0, 47.0]));
        assert_eq!(one, [other[1], other[2], other[0]]);
    }

    #[test]
    fn other_spaces_are_an_error() {
        let wide = Embedding::of(&[1.0, 0.0, 0.0]).unwrap();
        assert_eq!(phrase_fits("kids", &texts("kids", 90.0), &[wide]), Err((3, 2)));
    }
}
