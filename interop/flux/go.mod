// The daemon of Flux 1.25.4 over a mocked cluster: `npm run interop -- flux` builds and runs it.
module switchyard/interop/flux

go 1.16

require (
	github.com/fluxcd/flux v1.25.4
	github.com/go-kit/kit v0.12.0
	gopkg.in/yaml.v2 v2.4.0
)

// A module's own replacements hold only where it is built itself.
replace (
	github.com/docker/distribution => github.com/docker/distribution v2.8.1+incompatible
	github.com/docker/docker => github.com/docker/docker v0.7.3-0.20190327010347-be7ac8be2ae0
	github.com/fluxcd/flux/pkg/install => ./install
	github.com/fluxcd/helm-operator => github.com/fluxcd/helm-operator v1.4.0
	github.com/fluxcd/helm-operator/pkg/install => github.com/fluxcd/helm-operator/pkg/install v0.0.0-20200213151218-f7e487142b46
	k8s.io/api => k8s.io/api v0.21.14
	k8s.io/apiextensions-apiserver => k8s.io/apiextensions-apiserver v0.21.14
	k8s.io/apimachinery => k8s.io/apimachinery v0.21.14
	k8s.io/client-go => k8s.io/client-go v0.21.14
	k8s.io/code-generator => k8s.io/code-generator v0.21.14
)
