export function examplesFolder(): string;
export function copyMissing(gallery: string, folder: string): string[];
