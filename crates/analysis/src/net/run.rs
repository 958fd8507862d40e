use std::sync::{Arc, OnceLock};

use rten::{
    DataType, Dimension, LoadError, LoadErrorKind, Model as Graph, NodeId, RunOptions, ThreadPool, Value,
    ValueOrView, ValueType,
};
use rten_tensor::prelude::*;

use super::weights::weights;
use super::{ModelError, Port, Tensor, WholeTensor};
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
        let model = Graph::load(bytes).map_err(|error| unread(name, &error))?;
        Ok(Self { name: name.to_owned(), model })
    }

    fn load(which: Model) -> Result<Self, ModelError> {
        let name = which.info().name.to_owned();
        let model = Graph::load_static_slice(weights(which)).map_err(|error| unread(&name, &error))?;
        Ok(Self { name, model })
    }

    /// Runs the model on named inputs; returns the outputs in the order in which they are named.
    pub fn run(&self, inputs: &[(&str, &Tensor)], outputs: &[&str]) -> Result<Vec<Tensor>, ModelError> {
        let inputs =
            inputs.iter().map(|(name, tensor)| self.input(name, tensor)).collect::<Result<_, _>>()?;
        self.run_on(inputs, outputs)
    }

    /// Does the same for inputs of whole numbers.
    pub fn run_on_whole(
        &self,
        inputs: &[(&str, &WholeTensor)],
        outputs: &[&str],
    ) -> Result<Vec<Tensor>, ModelError> {
        let input = |(name, tensor): &(&str, &WholeTensor)| {
            if !tensor.is_whole() {
                return Err(ModelError::Shape { shape: tensor.shape.clone(), values: tensor.values.len() });
            }
            let values: rten_tensor::Tensor<i32> =
                rten_tensor::Tensor::from_data(tensor.shape.as_slice(), tensor.values.clone());
            Ok((self.node(name)?, Value::from(values).into()))
        };
        self.run_on(inputs.iter().map(input).collect::<Result<_, _>>()?, outputs)
    }

    /// Returns what it takes, in its own order.
    pub fn inputs(&self) -> Vec<Port> {
        self.ports(self.model.input_ids())
    }

    /// Returns what it gives, in its own order.
    pub fn outputs(&self) -> Vec<Port> {
        self.ports(self.model.output_ids())
    }

    fn ports(&self, nodes: &[NodeId]) -> Vec<Port> {
        let length = |dimension: Dimension| match dimension {
            Dimension::Fixed(length) => Some(length),
            Dimension::Symbolic(_) => None,
        };
        let port = |info: rten::NodeInfo<'_>| Port {
            name: info.name().unwrap_or_default().to_owned(),
            is_whole: info.dtype().map(|kind| kind != ValueType::Tensor(DataType::Float)),
            shape: info.shape().map(|shape| shape.into_iter().map(length).collect()),
        };
        nodes.iter().filter_map(|node| self.model.node_info(*node)).map(port).collect()
    }

    fn run_on(
        &self,
        inputs: Vec<(NodeId, ValueOrView<'_>)>,
        outputs: &[&str],
    ) -> Result<Vec<Tensor>, ModelError> {
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

    /// Returns the error for a model with other inputs or outputs than those that are needed.
    pub fn other_form(&self, kind: &str, found: &[Port], wanted: &str) -> ModelError {
        let found: Vec<String> = found.iter().map(Port::to_string).collect();
        let found = if found.is_empty() {
            format!("no {kind}")
        } else {
            format!("the {kind} {}", found.join(" and "))
        };
        ModelError::Form { net: self.name.clone(), found, wanted: wanted.to_owned() }
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

/// Says why a model can't be loaded, in our own words: a library's are about its parser.
fn unread(net: &str, error: &LoadError) -> ModelError {
    let reason = match error.kind() {
        LoadErrorKind::ParseError | LoadErrorKind::UnknownFileType | LoadErrorKind::FormatNotEnabled => {
            "it is no ONNX file, or it is damaged or cut off".to_owned()
        }
        LoadErrorKind::ExternalDataError => {
            "its weights are in another file; export it with all of them inside".to_owned()
        }
        _ => {
            let place = error.node().map(|node| format!(" in its node `{node}`")).unwrap_or_default();
            format!("it is damaged or needs an operation that mmm doesn't have{place}")
        }
    };
    ModelError::Load { net: net.to_owned(), reason }
}
