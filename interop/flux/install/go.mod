// Stands for a module that Flux names and that nobody publishes; nothing here uses it.
module github.com/fluxcd/flux/pkg/install

go 1.16
