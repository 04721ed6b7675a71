/**
 * Who asks: keys and the tenants behind them, what they may do, and what it costs them. The pure part (key ring, throttle) takes the time as
 * an argument; the rest lives on the router's event loop and leaves SQL to worker threads.
 */
package dev.troupe.router.tenant;
