// The daemon of Flux v1 for tests: its own RPC server, connector, job queue and git sync, over a real git repository and a
// cluster that is made up. `--connect` and `--token` say where it registers, `--folder` where its repository is made.
package main

import (
	"context"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"github.com/fluxcd/flux/pkg/cluster"
	"github.com/fluxcd/flux/pkg/cluster/kubernetes"
	"github.com/fluxcd/flux/pkg/cluster/mock"
	"github.com/fluxcd/flux/pkg/daemon"
	"github.com/fluxcd/flux/pkg/git"
	transport "github.com/fluxcd/flux/pkg/http"
	"github.com/fluxcd/flux/pkg/http/client"
	daemonhttp "github.com/fluxcd/flux/pkg/http/daemon"
	"github.com/fluxcd/flux/pkg/image"
	"github.com/fluxcd/flux/pkg/job"
	"github.com/fluxcd/flux/pkg/manifests"
	registrymock "github.com/fluxcd/flux/pkg/registry/mock"
	"github.com/fluxcd/flux/pkg/resource"
	"github.com/fluxcd/flux/pkg/ssh"
	fluxsync "github.com/fluxcd/flux/pkg/sync"
	"github.com/go-kit/kit/log"
	"gopkg.in/yaml.v2"
)

const (
	version  = "1.25.4"
	manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: shop
spec:
  template:
    spec:
      containers:
      - name: web
        image: registry.example.test/shop/checkout:1.0.0
`
)

func main() {
	connect := flag.String("connect", "", "address of the service, ws://…")
	token := flag.String("token", "", "token of the daemon")
	folder := flag.String("folder", "", "an empty folder")
	flag.Parse()

	logger := log.NewLogfmtLogger(os.Stderr)
	origin := makeRepository(*folder)
	config := git.Config{
		Branch:    "master",
		UserName:  "Flux",
		UserEmail: "flux@example.test",
		NotesRef:  "flux",
		SetAuthor: true,
	}
	repository := git.NewRepo(git.Remote{URL: "file://" + origin}, git.Branch("master"), git.PollInterval(time.Second))
	state, err := fluxsync.NewGitTagSyncProvider(repository, "flux-sync", "", fluxsync.VerifySignaturesModeNone, config)
	must(err)

	stop := make(chan struct{})
	var running sync.WaitGroup
	running.Add(1)
	go func() { must(repository.Start(stop, &running)) }()
	editor := edited{kubernetes.NewManifests(kubernetes.ConstNamespacer("shop"), logger)}
	flux := &daemon.Daemon{
		V:              version,
		Cluster:        madeUpCluster(editor),
		Manifests:      editor,
		Registry:       &registrymock.Registry{Images: images("1.0.0", "1.1.0", "1.2.0")},
		ImageRefresh:   make(chan image.Name, 100),
		Repo:           repository,
		GitConfig:      config,
		Jobs:           job.NewQueue(stop, &running),
		JobStatusCache: &job.StatusCache{Size: 100},
		Logger:         logger,
		LoopVars: &daemon.LoopVars{
			SyncInterval:            time.Minute,
			SyncTimeout:             time.Minute,
			AutomationInterval:      time.Hour,
			GitTimeout:              20 * time.Second,
			SyncState:               state,
			GitVerifySignaturesMode: fluxsync.VerifySignaturesModeNone,
		},
	}
	upstream, err := daemonhttp.NewUpstream(
		&http.Client{Timeout: 10 * time.Second}, "fluxd/"+version, client.Token(*token),
		transport.NewUpstreamRouter(), *connect, flux, time.Minute, logger,
	)
	must(err)
	flux.EventWriter = upstream
	running.Add(1)
	flux.Loop(stop, &running, logger)
}

// edited edits manifests as YAML, where the real one calls a program of its own.
type edited struct {
	manifests.Manifests
}

func (edited) SetWorkloadContainerImage(def []byte, _ resource.ID, _ string, to image.Ref) ([]byte, error) {
	return regexp.MustCompile(`image: \S+`).ReplaceAll(def, []byte("image: "+to.String())), nil
}

func (edited) UpdateWorkloadPolicies(def []byte, _ resource.ID, update resource.PolicyUpdate) ([]byte, error) {
	document := map[string]interface{}{}
	if err := yaml.Unmarshal(def, &document); err != nil {
		return nil, err
	}
	metadata := document["metadata"].(map[interface{}]interface{})
	annotations, ok := metadata["annotations"].(map[interface{}]interface{})
	if !ok {
		annotations = map[interface{}]interface{}{}
	}
	for name, value := range update.Add {
		annotations["fluxcd.io/"+string(name)] = value
	}
	for name := range update.Remove {
		delete(annotations, "fluxcd.io/"+string(name))
	}
	metadata["annotations"] = annotations
	return yaml.Marshal(document)
}

// madeUpCluster runs what was last applied to it.
func madeUpCluster(reader manifests.Manifests) *mock.Mock {
	var lock sync.Mutex
	applied := map[string]resource.Resource{}
	all, err := reader.ParseManifest([]byte(manifest), "checkout.yaml")
	must(err)
	for id, each := range all {
		applied[id] = each
	}
	workloads := func(wanted func(resource.ID) bool) []cluster.Workload {
		lock.Lock()
		defer lock.Unlock()
		var found []cluster.Workload
		for _, each := range applied {
			workload, ok := each.(resource.Workload)
			if !ok || !wanted(each.ResourceID()) {
				continue
			}
			found = append(found, cluster.Workload{
				ID:         each.ResourceID(),
				Status:     "ready",
				Policies:   each.Policies(),
				Rollout:    cluster.RolloutStatus{Desired: 1, Updated: 1, Ready: 1, Available: 1},
				Containers: cluster.ContainersOrExcuse{Containers: workload.Containers()},
			})
		}
		return found
	}
	return &mock.Mock{
		AllWorkloadsFunc: func(_ context.Context, namespace string) ([]cluster.Workload, error) {
			return workloads(func(id resource.ID) bool {
				of, _, _ := id.Components()
				return namespace == "" || of == namespace
			}), nil
		},
		SomeWorkloadsFunc: func(_ context.Context, ids []resource.ID) ([]cluster.Workload, error) {
			return workloads(func(id resource.ID) bool {
				for _, each := range ids {
					if each == id {
						return true
					}
				}
				return false
			}), nil
		},
		IsAllowedResourceFunc: func(resource.ID) bool { return true },
		PingFunc:              func() error { return nil },
		ExportFunc:            func(context.Context) ([]byte, error) { return []byte(manifest), nil },
		PublicSSHKeyFunc:      func(bool) (ssh.PublicKey, error) { return ssh.PublicKey{Key: "ssh-rsa AAAA"}, nil },
		SyncFunc: func(set cluster.SyncSet) error {
			lock.Lock()
			defer lock.Unlock()
			for _, each := range set.Resources {
				applied[each.ResourceID().String()] = each
			}
			return nil
		},
	}
}

func images(tags ...string) []image.Info {
	var all []image.Info
	for age, tag := range tags {
		ref, err := image.ParseRef("registry.example.test/shop/checkout:" + tag)
		must(err)
		made := time.Date(2026, time.January, 1+age, 0, 0, 0, 0, time.UTC)
		all = append(all, image.Info{ID: ref, CreatedAt: made, LastFetched: made})
	}
	return all
}

// makeRepository makes a bare repository with one commit, and answers with its path.
func makeRepository(folder string) string {
	work, bare := filepath.Join(folder, "work"), filepath.Join(folder, "origin.git")
	must(os.MkdirAll(work, 0o755))
	must(os.WriteFile(filepath.Join(work, "checkout.yaml"), []byte(manifest), 0o644))
	for _, arguments := range [][]string{
		{"init", "--quiet", "--initial-branch=master", work},
		{"-C", work, "add", "--all"},
		{"-C", work, "-c", "user.name=ada", "-c", "user.email=ada@example.test", "commit", "--quiet", "-m", "Add checkout"},
		{"clone", "--quiet", "--bare", work, bare},
	} {
		command := exec.Command("git", arguments...)
		command.Stderr = os.Stderr
		must(command.Run())
	}
	return bare
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
