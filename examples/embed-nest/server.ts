import 'reflect-metadata';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Controller, HttpCode, Inject, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Server, createServer } from 'longwave';
import { defineChannels, log } from 'longwave/contract';

const channels = defineChannels({ news: log() });
const LONGWAVE = Symbol('Longwave');

@Controller()
class NewsController {
  readonly #realtime: Server<typeof channels>;

  constructor(@Inject(LONGWAVE) realtime: Server<typeof channels>) {
    this.#realtime = realtime;
  }

  @Post()
  @HttpCode(200)
  publish() {
    return this.#realtime.channel('news').publish({ text: 'from nest' });
  }
}

@Module({
  controllers: [NewsController],
  providers: [{ provide: LONGWAVE, useFactory: () => createServer({ channels }) }],
})
class AppModule implements BeforeApplicationShutdown {
  readonly #realtime: Server<typeof channels>;

  constructor(@Inject(LONGWAVE) realtime: Server<typeof channels>) {
    this.#realtime = realtime;
  }

  /** Clients are sent to another node before this one goes. */
  async beforeApplicationShutdown() {
    await this.#realtime.close({ drain: '5s' });
  }
}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.enableShutdownHooks();
const longwave = app.get<Server<typeof channels>>(LONGWAVE);
longwave.attach(app.getHttpServer());
// Longwave's HTTP API, metrics and health on the same port; leave it out where they are not wanted.
app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
  if (!longwave.handleRequest(request, response)) next();
});

await app.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1');
console.log(await app.getUrl());
