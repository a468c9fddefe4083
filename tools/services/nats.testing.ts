/** As much of the NATS client protocol as one question and its answer need. */

/** Asks once on a connection of its own; resolves with the payload of the answer. */
export async function askNats(url: string, subject: string, payload = ""): Promise<unknown> {
  const { hostname, port } = new URL(url);
  const answer = Promise.withResolvers<unknown>();
  let received = "";
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (_, chunk) => {
        received += chunk.toString();
        const found = /\r?\nMSG \S+ \S+ \d+\r\n(.*)\r\n/.exec(received)?.[1];
        if (found !== undefined) answer.resolve(JSON.parse(found));
      },
      close: () => answer.reject(new Error(`closed after: ${received}`)),
    },
  });
  const size = Buffer.byteLength(payload);
  socket.write(
    `CONNECT {"verbose":false}\r\nSUB in 1\r\nPUB ${subject} in ${size}\r\n${payload}\r\n`,
  );
  try {
    return await answer.promise;
  } finally {
    socket.end();
  }
}
