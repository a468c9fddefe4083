/** The part of an AbortSignal that a port needs; the platform's own fits. */
export type Signal = { readonly aborted: boolean; throwIfAborted(): void };
