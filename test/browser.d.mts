export function chromeOptions(): { executablePath: string; args: string[] };
