import type { HostContext } from "./host-context.ts";
import type { FetchTerms, Image } from "./images.ts";

const forever = 2 ** 31 - 1;

function downloadTime(image: Image, delayedBy: number | undefined): number {
  return image.hangs ? forever : (delayedBy ?? image.delayMilliseconds ?? 0);
}

/**
 * Downloads an image and does with it what must be done before registries can be changed (wasmcloud-control §5.13).
 * Nothing is done, and nothing returned, when the host ends meanwhile.
 */
export async function withImage<T>(
  context: HostContext,
  reference: string,
  delayedBy: number | undefined,
  work: (image: Image) => T | Promise<T>,
): Promise<T | undefined> {
  return context.locks.registries.reading(async () => {
    const image = context.images.find(reference);
    const time = downloadTime(image, delayedBy);
    if (time > 0 && !(await context.timers.delay(time))) return undefined;
    return work(image);
  });
}

/** Downloads an image. */
export function fetchImage(
  context: HostContext,
  reference: string,
  delayedBy?: number,
): Promise<Image | undefined> {
  return withImage(context, reference, delayedBy, (image) => image);
}

/** On what terms this host fetches. */
export function fetchTerms({ settings, features }: HostContext): FetchTerms {
  return {
    fileLoading: settings.fileLoading,
    archiveErrorNamesTarget: features.archiveErrorNamesTarget,
    knowsBuiltins: features.builtinProviders !== "unknown",
  };
}
