"""What stands beside the screen: card scanner and slip printer. No Qt; the desktop feeds and asks them."""
