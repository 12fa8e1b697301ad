# workerd serve config.capnp --socket-addr=http=127.0.0.1:PORT
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "greet", worker = .greet)],
  sockets = [(name = "http", http = (), service = "greet")],
);

const greet :Workerd.Worker = (
  modules = [(name = "greet.js", esModule = embed "greet.js")],
  compatibilityDate = "2026-11-01",
);
