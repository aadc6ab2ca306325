/** How the tests start Chrome: without a window, and without the network. */
export function chromeOptions() {
  const executablePath = process.env.CHROME_PATH;
  if (!executablePath) throw new Error('CHROME_PATH is not set: these tests are started by npm test');
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ];
  return { executablePath, args: [...quiet, '--disable-component-update', '--disable-sync'] };
}
