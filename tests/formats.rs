//! Containers: what readers make of real, odd and hostile headers.

mod rig;
mod safetensors;
