/* descriptors - how many file descriptors this process may and does use (for
 * this room only).  At the limit libzmq's accept loop burns a whole core. */
#ifndef NET_DESCRIPTORS_H
#define NET_DESCRIPTORS_H

/** Raise the soft limit to the hard one; returns what is allowed then. */
int descriptors_raise(void);

/** The lowest number that is free: near the limit only when nearly all are in
 * use.  INT_MAX when there is none. */
int descriptors_next(void);

#endif
