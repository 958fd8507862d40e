use super::Step;

/// What a build did so far.
#[derive(Default)]
pub(super) struct Tally {
    pub ran: usize,
    pub cached: usize,
    pub steps: Vec<Step>,
    /// The number of answers whose blobs were damaged or missing.
    pub healed: usize,
}

impl Tally {
    /// Adds actions that ran, and their seconds, to the step of this name. A build runs a step once for each
    /// output and kind of action, but lists it once.
    pub(super) fn step(&mut self, name: &'static str, actions: usize, seconds: f64) {
        match self.steps.iter_mut().find(|step| step.name == name) {
            Some(step) => {
                step.actions += actions;
                step.seconds += seconds;
            }
            None => self.steps.push(Step { name, actions, seconds }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_runs_in_turns_is_named_once() {
        let mut tally = Tally::default();
        for (name, actions, seconds) in
            [("analysing", 16, 2.0), ("analysing", 1, 1.5), ("rendering", 8, 4.0), ("linking", 1, 0.5)]
        {
            tally.step(name, actions, seconds);
        }
        tally.step("rendering", 2, 1.0);
        let step = |name, actions, seconds| Step { name, actions, seconds };
        assert_eq!(
            tally.steps,
            [step("analysing", 17, 3.5), step("rendering", 10, 5.0), step("linking", 1, 0.5)]
        );
    }
}
