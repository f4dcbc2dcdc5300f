import 'reflect-metadata';
import { Controller, Get, Injectable, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
  makeSummaryProvider,
  PrometheusModule,
} from '@willsoto/nestjs-prometheus';
import { type Counter, type Gauge, type Histogram, type Summary, startMetricsServer } from 'prom-client';
import { runWithSpec } from './support.cjs';

@Injectable()
class Orders {
  constructor(
    @InjectMetric('orders_total') private readonly total: Counter<'country'>,
    @InjectMetric('orders_open') private readonly open: Gauge,
    @InjectMetric('order_value_euros') private readonly value: Histogram<'country'>,
    @InjectMetric('order_items') private readonly items: Summary,
  ) {}

  place(country: string): void {
    this.total.inc({ country });
    this.open.inc();
    this.value.observe({ country }, 20);
    this.items.observe(3);
  }
}

@Controller('orders')
class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get(':country')
  place(@Param('country') country: string): string {
    this.orders.place(country);
    return 'ordered';
  }
}

@Module({
  imports: [PrometheusModule.register({ defaultLabels: { service: 'shop' } })],
  controllers: [OrdersController],
  providers: [
    Orders,
    makeCounterProvider({ name: 'orders_total', help: 'Orders.', labelNames: ['country'] }),
    makeGaugeProvider({ name: 'orders_open', help: 'Orders in progress.' }),
    makeHistogramProvider({
      name: 'order_value_euros',
      help: 'Value of an order.',
      labelNames: ['country'],
      buckets: [10, 100],
    }),
    makeSummaryProvider({ name: 'order_items', help: 'Items of an order.', percentiles: [0.5] }),
  ],
})
class Shop {}

async function main(): Promise<void> {
  const application = await NestFactory.create(Shop, { logger: false, forceCloseConnections: true });
  await application.listen(0, '127.0.0.1');
  const metrics = await startMetricsServer({ port: 0 });
  runWithSpec({ application: await application.getUrl(), metrics: metrics.url }, async () => {
    await application.close();
    await metrics.close();
  });
}

main();
