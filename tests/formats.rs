//! Containers: what readers make of real, odd and hostile headers.

mod gguf;
mod npy;
mod rig;
mod safetensors;
