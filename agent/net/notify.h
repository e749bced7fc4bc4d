/* notify - tell systemd how a daemon is doing (Type=notify). */
#ifndef NET_NOTIFY_H
#define NET_NOTIFY_H

/** Send state ("READY=1", "STOPPING=1") to $NOTIFY_SOCKET.  Does nothing where
 * that is not set; a lost notice is systemd's to time out. */
void notify_send(const char *state);

#endif
