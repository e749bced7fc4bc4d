/* notify - tell systemd how a daemon is doing (Type=notify, WatchdogSec). */
#ifndef NET_NOTIFY_H
#define NET_NOTIFY_H

/** Send state ("READY=1", "STOPPING=1") to $NOTIFY_SOCKET.  Does nothing where
 * that is not set; a lost notice is systemd's to time out. */
void notify_send(const char *state);

struct loop;
struct notify_watchdog;

/** Say WATCHDOG=1 twice in the time that $WATCHDOG_USEC allows, as long as the
 * loop turns: a program that hangs is started again.  NULL where systemd does
 * not ask for it. */
struct notify_watchdog *notify_watchdog_new(struct loop *loop);
void notify_watchdog_free(struct notify_watchdog *watchdog); /* or NULL */

#endif
