use mmm_facts::StoryBeat;

/// Returns the part of the story that each shot tells. `shots` are the energy under each (0..=1) and the
/// fraction of the movie at which it starts.
///
/// The climax is around the shot with the most energy after the first 40 % of the movie, or close to two
/// thirds if none stands out.
pub(super) fn beats(shots: &[(f64, f64)]) -> Vec<StoryBeat> {
    let Some(climax) = strongest(shots) else {
        let last = shots.len().saturating_sub(1);
        let of =
            |index| if index > 0 && index == last { StoryBeat::Resolution } else { StoryBeat::Introduction };
        return (0..shots.len()).map(of).collect();
    };
    let peak = shots[climax].0;
    let is_high = |&&(energy, share): &&(f64, f64)| energy >= peak * 0.9 && share >= 0.3;
    let before = shots[..climax].iter().rev().take_while(is_high).count();
    let after = shots[climax + 1..].iter().take_while(|shot| is_high(shot) && shot.1 < 0.85).count();
    let (start, end) = (climax - before, climax + after);
    let last = shots.len() - 1;
    shots
        .iter()
        .enumerate()
        .map(|(index, &(_, share))| match index {
            0 => StoryBeat::Introduction,
            _ if index == last || index > end => StoryBeat::Resolution,
            _ if index >= start => StoryBeat::Climax,
            _ if share < 0.12 => StoryBeat::Introduction,
            _ => StoryBeat::Rising,
        })
        .collect()
}

/// Returns the index of the shot with the most energy, except the first, the last and those in the first 40 %
/// of the movie.
fn strongest(shots: &[(f64, f64)]) -> Option<usize> {
    let inner = 1..shots.len().checked_sub(1)?;
    let near = |share: f64| (share - 0.67).abs();
    inner.filter(|&index| shots[index].1 >= 0.4).reduce(|best, index| {
        let ((one, at), (other, there)) = (shots[best], shots[index]);
        let better = other > one + 0.02 || (other >= one - 0.02 && near(there) < near(at));
        if better { index } else { best }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_rises_to_its_strongest_shot_and_falls() {
        let energies = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.95, 1.0, 0.5, 0.2];
        let shots: Vec<_> =
            energies.iter().enumerate().map(|(at, &energy)| (energy, at as f64 / 10.0)).collect();
        let beats = beats(&shots);
        assert_eq!(beats[0], StoryBeat::Introduction);
        assert_eq!(
            beats[6..],
            [StoryBeat::Climax, StoryBeat::Climax, StoryBeat::Resolution, StoryBeat::Resolution]
        );
        assert!(beats.is_sorted());
    }

    #[test]
    fn few_shots_have_a_story_too() {
        assert!(beats(&[]).is_empty());
        assert_eq!(beats(&[(0.5, 0.0)]), [StoryBeat::Introduction]);
        assert_eq!(beats(&[(0.5, 0.0), (0.5, 0.5)]), [StoryBeat::Introduction, StoryBeat::Resolution]);
    }
}
