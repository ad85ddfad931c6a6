"""What every service shares: descriptions of calls, secrets, sign-in, waiting, repeating, errors."""
