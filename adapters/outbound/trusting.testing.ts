/** A process that trusts one authority more: whom a process trusts is settled when it starts. */

/** What a program prints that stands in `folder` and trusts the authority of this PEM file, and what goes wrong with it. */
export async function runTrusting(ca: string, folder: string, program: string): Promise<string> {
  const child = Bun.spawn([process.execPath, "-e", program], {
    cwd: folder,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return out + err;
}
