export function copyGallery(folder: string): string;
