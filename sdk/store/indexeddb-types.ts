/** The part of IndexedDB that the store uses, written out because this compile world has no browser types. */

export type Request<T> = {
  result: T;
  /** There when `onerror` is called. */
  error: Error;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
};

export type OpenRequest = Request<Database> & { onupgradeneeded: (() => void) | null };

export type ObjectStore = {
  get: <T>(key: unknown) => Request<T>;
  getAll: <T>(range?: unknown) => Request<T>;
  put: (value: object, key?: string) => unknown;
  delete: (key: unknown) => unknown;
  clear: () => unknown;
};

export type Transaction = {
  error: Error | null;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore: (name: string) => ObjectStore;
  abort: () => void;
};

export type Database = {
  onversionchange: (() => void) | null;
  createObjectStore: (name: string, options?: { keyPath: string | string[] }) => unknown;
  transaction: (tables: string[], mode: "readonly" | "readwrite") => Transaction;
  close: () => void;
};

export type Factory = {
  open: (name: string, version: number) => OpenRequest;
  deleteDatabase: (name: string) => Request<unknown>;
};

export type KeyRanges = { bound: (lower: unknown, upper: unknown) => unknown };
