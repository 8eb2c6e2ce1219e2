import { ApplicationError } from "./wire-types.ts";

/** What Flux answers with, word for word (flux-rpc §6.3, §6.6). */
export const readOnlyClone = "cannot make a working clone of a read-only git repo";
export const unsignedHead = "HEAD revision is unsigned";

export function unknownJob(id: string): ApplicationError {
  return new ApplicationError(
    "missing",
    `Job not found

This is often because the job did not result in committing changes,
and therefore had no lasting effect. A release dry-run is an example
of a job that does not result in a commit.

If you were expecting changes to be committed, this may mean that the
job failed, but its status was lost.

In both of the above cases it is OK to retry the operation that
resulted in this error.

If you get this error repeatedly, it's probably a bug. Please log an
issue describing what you were attempting, and posting logs from the
daemon if possible:

    https://github.com/fluxcd/flux/issues

`,
    `unknown job "${id}"`,
  );
}

export function unparsable(error: string): ApplicationError {
  return new ApplicationError(
    "user",
    `Unable to parse files as manifests

Flux was unable to parse the files in the git repo as manifests,
giving this error:

    ${error}

Check that any files mentioned are well-formed, and resources are not
defined more than once. It's also worth reviewing

    https://fluxcd.io/legacy/flux/requirements/

to make sure you're not running into any corner cases.

If you think your files are all OK and you are still getting this
message, please log an issue at

    https://github.com/fluxcd/flux/issues

and include the problematic file, if possible.
`,
    error,
  );
}

/** Of a dry run; its job has an id all the same. */
export function unsignedHeadError(verified: string, head: string): ApplicationError {
  return new ApplicationError(
    "user",
    `HEAD is not a verified commit.

The branch HEAD in the git repo is not verified, and fluxd is unable to
make a change on top of it. The last verified commit was

    ${verified}

HEAD is${" "}

    ${head}.
`,
    unsignedHead,
  );
}

export function unsignedSync(verified: string, head: string): string {
  return `The branch HEAD in the git repo is not verified, and fluxd is unable to sync to it. The last verified commit was ${verified.slice(0, 8)}. HEAD is ${head.slice(0, 8)}.`;
}

/** Git's own words, with the step that they come from. */
function gitFailure(step: string, reason: string, output: string): string {
  return `${step}: ${reason}, full output:\n ${output}\n`;
}

export function pushRejected(url: string, branch: string): string {
  const reason = `failed to push some refs to '${url}'`;
  return gitFailure(
    `git push ${url} [${branch} refs/notes/flux]`,
    reason,
    `To ${url}
   7ea526d..5e40fd9  refs/notes/flux -> refs/notes/flux
 ! [rejected]        ${branch} -> ${branch} (fetch first)
error: ${reason}
hint: Updates were rejected because the remote contains work that you do
hint: not have locally. This is usually caused by another repository pushing
hint: to the same ref. You may want to first integrate the remote changes
hint: (e.g., 'git pull ...') before pushing again.
hint: See the 'Note about fast-forwards' in 'git push --help' for details.`,
  );
}

export function unknownAuthor(author: string): string {
  const fatal = `fatal: --author '${author}' is not 'Name <email>' and matches no existing author`;
  return gitFailure("git commit", fatal, fatal);
}

const noRepository = "fatal: not a git repository (or any of the parent directories): .git";
export const noNotesYet = gitFailure("enumerating commit notes", noRepository, noRepository);
