import process from 'node:process';

const server = process.env.SERVER ?? 'http://127.0.0.1:8080';

/** Only for a server that runs beside Next; with `server.js` nothing of it is needed. */
const beside = {
  rewrites: async () => [{ source: '/longwave/:path*', destination: `${server}/longwave/:path*` }],
};

export default process.env.BESIDE ? beside : {};
