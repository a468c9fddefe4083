export function installed(lockText: string, recordText: string, modules: string): boolean;
