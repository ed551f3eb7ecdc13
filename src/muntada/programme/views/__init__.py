"""The pages of the programme: what everybody reads, what authors write, where the secretariat works."""
