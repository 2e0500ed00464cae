//! Containers: what readers make of real, odd and hostile headers.

mod gguf;
mod npy;
mod npz;
mod oracle;
mod rig;
mod safetensors;
