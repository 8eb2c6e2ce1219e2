/** A flag with its value, or by itself. */
export type Option = readonly [flag: string, value?: string];

/**
 * Options and values of a program as words, none of which is taken for something else: a value may begin with a dash
 * like an option, or with the @ by which nats reads a file.
 */
export function argumentsOf(options: readonly Option[], values: readonly string[]): string[] {
  return [...options.flatMap(optionWords), ...(values.some(isMistakable) ? ["--"] : []), ...values];
}

export function isMistakable(value: string): boolean {
  return /^[-@]/.test(value);
}

export function optionWords([flag, value]: Option): string[] {
  if (value === undefined) return [flag];
  return isMistakable(value) ? [`${flag}=${value}`] : [flag, value];
}
