use serde_json::Value;

use crate::net::ModelError;

/// A file of settings beside a model.
pub(super) struct JsonSettings {
    file: &'static str,
    value: Value,
}

impl JsonSettings {
    /// Reads a file of this name; a missing one has no settings.
    pub fn read(file: &'static str, text: Option<&[u8]>) -> Result<Self, ModelError> {
        let value = match text {
            None => Value::Null,
            Some(text) => serde_json::from_slice(text)
                .map_err(|error| ModelError::Settings { file: file.to_owned(), reason: error.to_string() })?,
        };
        match value {
            Value::Null | Value::Object(_) => Ok(Self { file, value }),
            _ => {
                Err(ModelError::Settings { file: file.to_owned(), reason: "it is no JSON object".to_owned() })
            }
        }
    }

    /// Returns a value by the keys that lead to it, or `None` if there is none.
    pub fn get(&self, keys: &[&str]) -> Option<&Value> {
        let value = keys.iter().try_fold(&self.value, |value, key| value.get(key))?;
        Some(value).filter(|value| !value.is_null())
    }

    pub fn text(&self, keys: &[&str]) -> Option<&str> {
        self.get(keys)?.as_str()
    }

    pub fn is(&self, keys: &[&str]) -> Option<bool> {
        self.get(keys)?.as_bool()
    }

    /// Returns a whole number from 1 to `most`.
    pub fn count(&self, keys: &[&str], most: usize) -> Result<Option<usize>, ModelError> {
        let Some(value) = self.get(keys) else { return Ok(None) };
        let count = value.as_u64().and_then(|count| usize::try_from(count).ok());
        match count.filter(|count| (1..=most).contains(count)) {
            Some(count) => Ok(Some(count)),
            None => Err(self.wrong(keys, &format!("a whole number from 1 to {most}"))),
        }
    }

    /// Returns a number for each of red, green and blue.
    pub fn colours(&self, keys: &[&str]) -> Result<Option<[f32; 3]>, ModelError> {
        let Some(value) = self.get(keys) else { return Ok(None) };
        let numbers = value.as_array().into_iter().flatten().map(|number| Some(number.as_f64()? as f32));
        let numbers: Option<Vec<f32>> = numbers.collect();
        let colours = numbers.and_then(|numbers| <[f32; 3]>::try_from(numbers).ok());
        colours.map(Some).ok_or_else(|| self.wrong(keys, "three numbers"))
    }

    /// Returns the error for a value that isn't `wanted`.
    pub fn wrong(&self, keys: &[&str], wanted: &str) -> ModelError {
        let value = self.get(keys).map(Value::to_string).unwrap_or_default();
        let reason = format!("`{}` is {value}, but must be {wanted}", keys.join("."));
        ModelError::Settings { file: self.file.to_owned(), reason }
    }
}
