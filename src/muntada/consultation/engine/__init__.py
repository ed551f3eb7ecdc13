"""The doors to the engines: opinions of people who vote, themes of what they write."""
