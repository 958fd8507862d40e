use std::sync::{Arc, OnceLock};

use rten::{Model as Graph, NodeId, RunOptions, ThreadPool, Value, ValueOrView};
use rten_tensor::prelude::*;

use super::weights::weights;
use super::{ModelError, Tensor};
use mmm_facts::Model;

/// A model that is ready to run; several threads may run it at once.
pub struct Net {
    name: String,
    model: Graph,
}

impl Net {
    /// Returns the model `which`, loaded on first use and kept for the life of the program.
    pub fn get(which: Model) -> Result<&'static Self, ModelError> {
        static MODELS: [OnceLock<Result<Net, ModelError>>; Model::ALL.len()] =
            [const { OnceLock::new() }; Model::ALL.len()];
        let net = MODELS[which as usize].get_or_init(|| Self::load(which));
        net.as_ref().map_err(ModelError::clone)
    }

    /// Loads a model that is not built in, from its bytes in ONNX form.
    pub fn read(name: &str, bytes: Vec<u8>) -> Result<Self, ModelError> {
        let unread =
            |error: rten::LoadError| ModelError::Load { net: name.to_owned(), reason: error.to_string() };
        Ok(Self { name: name.to_owned(), model: Graph::load(bytes).map_err(unread)? })
    }

    fn load(which: Model) -> Result<Self, ModelError> {
        let name = which.info().name.to_owned();
        let unread =
            |error: rten::LoadError| ModelError::Load { net: name.clone(), reason: error.to_string() };
        let model = Graph::load_static_slice(weights(which)).map_err(unread)?;
        Ok(Self { name, model })
    }

    /// Runs the model on named inputs; returns the outputs in the order in which they are named.
    pub fn run(&self, inputs: &[(&str, &Tensor)], outputs: &[&str]) -> Result<Vec<Tensor>, ModelError> {
        let inputs =
            inputs.iter().map(|(name, tensor)| self.input(name, tensor)).collect::<Result<_, _>>()?;
        let outputs = outputs.iter().map(|name| self.node(name)).collect::<Result<Vec<_>, _>>()?;
        let options = RunOptions::default().with_thread_pool(Some(one_thread()));
        let values = self.model.run(inputs, &outputs, Some(options)).map_err(|error| self.failure(error))?;
        values.into_iter().map(|value| self.output(value)).collect()
    }

    fn input<'a>(&self, name: &str, tensor: &'a Tensor) -> Result<(NodeId, ValueOrView<'a>), ModelError> {
        if !tensor.is_whole() {
            return Err(ModelError::Shape { shape: tensor.shape.clone(), values: tensor.values.len() });
        }
        let view = rten_tensor::TensorView::from_data(tensor.shape.as_slice(), tensor.values.as_slice());
        Ok((self.node(name)?, view.into()))
    }

    fn output(&self, value: Value) -> Result<Tensor, ModelError> {
        let tensor: rten_tensor::Tensor<f32> = value.try_into().map_err(|error| self.failure(error))?;
        Ok(Tensor { shape: tensor.shape().to_vec(), values: tensor.into_data() })
    }

    fn node(&self, name: &str) -> Result<NodeId, ModelError> {
        let unknown = || ModelError::UnknownName { net: self.name.clone(), name: name.to_owned() };
        self.model.find_node(name).ok_or_else(unknown)
    }

    /// Returns the error for a model that runs but has unexpected output.
    pub fn failure(&self, error: impl std::fmt::Display) -> ModelError {
        ModelError::Run { net: self.name.clone(), reason: error.to_string() }
    }
}

/// Returns a thread pool for a single run. A shared pool would make the runs of several actions wait for each
/// other, and the runtime's default pool uses every core. Starting a thread is cheap compared with a run.
fn one_thread() -> Arc<ThreadPool> {
    Arc::new(ThreadPool::with_num_threads(1))
}
