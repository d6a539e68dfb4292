import { randomBytes } from 'node:crypto';
import express from 'express';
import { SignJWT } from 'jose';
import { createServer } from 'longwave';
import { jwt } from 'longwave/auth';
import { z } from 'zod';
import { channels } from './channels.js';
import { findUser } from './users.js';

// Every node needs the same one. Without it the users of this example log in again after a restart.
const secret = process.env['TOKEN_SECRET'] ?? randomBytes(32).toString('hex');
const [issuer, audience] = ['authenticated-chat', 'authenticated-chat'];

const Claims = z.object({ rooms: z.array(z.string()) });

const longwave = createServer({
  channels,
  authenticate: jwt({ issuer, audience, secret, claims: (claims) => Claims.parse(claims) }),
  // Only rooms of theirs, to read and to write.
  authorize: ({ claims, params }) => claims?.rooms.includes(params['room'] ?? '') ?? false,
});

const app = express();
const Login = z.object({ name: z.string().max(100), password: z.string().max(100) });

// The login. One that the whole world reaches also limits how often it may be tried.
app.post('/token', express.json({ limit: '1kb' }), async (request, response) => {
  const login = Login.safeParse(request.body);
  const user = login.success ? await findUser(login.data.name, login.data.password) : undefined;
  if (!user) return void response.status(401).json({ error: 'The name or the password is wrong.' });
  const token = await new SignJWT({ rooms: user.rooms })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user.name)
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('15m')
    .sign(new TextEncoder().encode(secret));
  response.set('cache-control', 'no-store').json({ token });
});

// A user who is banned: their connections end, on all nodes. A list that `claims` looks at would keep them out.
app.post('/ban/:name', async ({ params }, response) => {
  const { connections } = await longwave.user(params['name']).disconnect({ message: 'You are banned.' });
  response.json({ connections });
});

const http = app.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => {
  const address = http.address();
  console.log(`http://localhost:${typeof address === 'object' ? address?.port : address}`);
});
longwave.attach(http);
