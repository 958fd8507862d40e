use mmm_facts::{Facts, Medium, PhotoFacts, Probe, Sight, SubjectBox};
use mmm_lexicon::{Atmosphere, Clues, ImageClass, Query, Relevance, Sighting, Thing};

use super::main_faces::main_faces;

/// Returns how well a medium fits a query: by its path and caption, by what people said about it, and by what its
/// picture shows: to the user's own model, or else to the built-in ones.
pub fn relevance(query: &Query, medium: &Medium) -> Relevance {
    let Medium { said, probe, facts, .. } = medium;
    let fits: Vec<(&str, f64)> = medium.fits.iter().map(|fit| (fit.phrase.as_str(), fit.fit.get())).collect();
    let photo = match &medium.facts {
        Facts::Photo(facts) => Some(facts),
        _ => None,
    };
    let sight = facts.sight();
    let (tags, sightings) = (tags(sight), sightings(sight));
    let faces = sight.map(main_faces).unwrap_or_default();
    let smiles = faces.iter().filter_map(|face| face.smile).map(|smile| smile.get() as f32);
    let own = [&said.title, &said.caption].into_iter().flatten().map(|text| text.value.as_str());
    let captions = medium.known.caption.as_deref().into_iter().chain(own).collect::<Vec<_>>().join(". ");
    let keywords: Vec<String> = said.keywords.iter().map(|keyword| keyword.value.clone()).collect();
    let people: Vec<String> = said.people.iter().map(|person| person.name.clone()).collect();
    query.relevance(&Clues {
        tags: &tags,
        sightings: &sightings,
        faces: faces.len() as u32,
        smile: smiles.fold(0.0, f32::max),
        atmosphere: photo.map(atmosphere).unwrap_or_default(),
        hour: hour(probe),
        path: medium.path.as_str(),
        keywords: &keywords,
        caption: Some(captions.as_str()).filter(|caption| !caption.is_empty()),
        people: &people,
        place: said.place.as_ref().map(|place| place.value.as_str()),
        fits: &fits,
    })
}

fn tags(sight: Option<&Sight>) -> Vec<(ImageClass, f32)> {
    let tags = sight.map(|sight| sight.tags.as_slice()).unwrap_or_default().iter();
    tags.filter_map(|seen| Some((ImageClass::new(seen.tag.0)?, seen.confidence.get() as f32))).collect()
}

fn sightings(sight: Option<&Sight>) -> Vec<Sighting> {
    let objects = sight.map(|sight| sight.objects.as_slice()).unwrap_or_default().iter();
    let sighting = |thing: Thing, area: &SubjectBox| Sighting {
        thing,
        confidence: area.weight.get() as f32,
        share: area.area() as f32,
    };
    objects.filter_map(|seen| Some(sighting(Thing::new(seen.kind.0)?, &seen.area))).collect()
}

fn atmosphere(facts: &PhotoFacts) -> Atmosphere {
    let colours = facts.colours;
    let [sunset, night, snow, water, greenery] =
        [colours.sunset, colours.night, colours.snow, colours.water, colours.greenery]
            .map(|score| score.get() as f32);
    Atmosphere { sunset, night, snow, water, greenery }
}

/// Returns the hour of the day when a medium was taken, by the clock there.
fn hour(probe: &Probe) -> Option<u8> {
    let taken = probe.taken.filter(|taken| !taken.day_only)?;
    u8::try_from(taken.local_s.rem_euclid(86_400) / 3600).ok()
}
