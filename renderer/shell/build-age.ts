const week = 7 * 24 * 60 * 60 * 1000;

/** Each Electron gets fixes for about this long: three majors are supported, and a new one comes every eight weeks. */
const supported = 24 * week;

/** Says whether the Electron that was current when this was built no longer gets security fixes. */
export function isOutOfSupport(builtAt: string, now: number): boolean {
  return now - Date.parse(builtAt) > supported;
}
