//! A wasmCloud host for tests: `NATS_URL`, `LATTICE` and `BUILTIN_HTTP_SERVER` say where it lives and what it has.

use std::{env, time::Duration};

use anyhow::Context as _;
use wasmcloud_host::wasmbus::{Features, Host, HostConfig};

/// The release of wasmCloud that the host crate belongs to.
const VERSION: &str = "1.9.2";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = env::var("NATS_URL").context("NATS_URL is not set")?;
    let lattice = env::var("LATTICE").unwrap_or_else(|_| "default".into());
    let features = match env::var("BUILTIN_HTTP_SERVER") {
        Ok(_) => Features::new().enable_builtin_http_server(),
        Err(_) => Features::new(),
    };
    let (host, shutdown) = Host::new(HostConfig {
        ctl_nats_url: address.parse().context("NATS_URL is no URL")?,
        rpc_nats_url: address.parse().context("NATS_URL is no URL")?,
        lattice: lattice.into(),
        version: VERSION.into(),
        allow_file_load: true,
        heartbeat_interval: Some(Duration::from_secs(5)),
        experimental_features: features,
        ..HostConfig::default()
    })
    .await
    .context("the host did not start")?;
    tokio::select! {
        stopped = host.stopped() => { stopped?; },
        signal = tokio::signal::ctrl_c() => signal?,
    }
    drop(host);
    shutdown.await
}
