// Adds /metrics to a Nest application, on Express or Fastify. Call `mount` before the application listens. Services can
// have the decorators like any other class.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { mount, TrackNode } from 'tinyllm';

class Greeter {
  readonly id = 'greeter';

  @TrackNode({ graph: 'desk' })
  async greet(): Promise<string> {
    return 'the application itself';
  }
}

@Controller()
class Desk {
  readonly #greeter = new Greeter();

  @Get()
  greet(): Promise<string> {
    return this.#greeter.greet();
  }
}

@Module({ controllers: [Desk] })
class Root {}

const application = await NestFactory.create(Root, { logger: false });
mount(application);
await application.listen(0, '127.0.0.1');

const url = await application.getUrl();
console.log(await (await fetch(url)).text());
const response = await fetch(`${url}/metrics`);
console.log(response.headers.get('content-type'));
console.log((await response.text()).split('\n').find((line) => line.startsWith('tinyllm_node_executions_total{')));
await application.close();
